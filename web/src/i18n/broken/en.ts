import type { Words } from "./es";

/** Words of pages that customers report as broken. */
const en: Words = {
  title: "Pages that do not work",
  lead: "What customers reported. Reports of one page stand together.",
  show: "Show",
  states: { open: "To be mended", mended: "Mended", dropped: "Not broken" },
  times: (count) => (count === 1 ? "1 person reported it" : `${count.toString()} reports`),
  more: "More",
  none: "No page",
  noneNext: "When somebody reports a page it stands here, and among the tasks of whoever is responsible for it.",
  all: "All pages",
  open: "Open the page",
  article: "See the article",
  said: "What they said",
  told: "has been told",
  waits: "is told when it works",
  unreachable: "left no way to be told",
  screenshot: "Screenshot",
  conversation: "Open the conversation",
  mended: "It is mended",
  mendedLead: "Whoever reported it is told, where they did. If you like, say what was mended.",
  note: "What was mended (optional)",
  tell: "Tell them it works",
  mendedDone: "Done. Whoever reported it has been told.",
  drop: "It was not broken",
  dropped: "Done. Nobody is written to.",
};

export default en;
