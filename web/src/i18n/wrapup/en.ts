/** Words of wrapping up and of going away. */
import type es from "./es";

const en: typeof es = {
  label: "Wrap-up of the conversation",
  title: (name) => `Wrap-up: ${name}`,
  lead: "Your room stays taken until you are done.",
  left: (time) => `${time} left`,
  disposition: "How did it end?",
  asked: "This queue asks how it ended.",
  done: "Done",
  moreTime: "More time",
  over: "The wrap-up is over; what you noted is kept.",
  away: "Why are you stepping away?",
  awayLead: "Your team sees it. Meanwhile you get no new conversations.",
  awayReason: "Reason",
  awaySubmit: "Step away",
  dialog: {
    title: "Wrap up the conversation",
    lead: "If the person writes again, it reopens with all its history.",
    noProgress: "Nothing moved in this contact: no step, no new fact. If something did, note it before you end.",
    hint: "A few words: “replacement agreed”, “the invoice was missing”…",
    done: "Conversation wrapped up.",
  },
};

export default en;
