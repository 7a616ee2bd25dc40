import type { Words } from "./es";

/** Words of notices about routing, for who supervises. */
const en: Words = {
  label: "Routing notices",
  someone: "Somebody",
  andMore: (name, more) => `${name} and ${more.toString()} more`,
  what: {
    stranded: (who, many) => `${who} ${many ? "are" : "is"} waiting although somebody could help.`,
    forgotten: (who, many) =>
      `${who} ${many ? "are" : "is"} waiting for an answer, in no line and in nobody's hands.`,
    two_agents: (who) => `Two agents have the conversation with ${who} at the same time.`,
    over_capacity: (who, many) => `${who} ${many ? "have" : "has"} more in hand than their capacity.`,
    overdue: (who) => `The offer of the conversation with ${who} still stands after its time.`,
    books: (who) => `The accounts of routing do not agree: ${who}.`,
    nobody_knows: (queue, skill) => `Somebody is waiting in ${queue}, and nobody knows ${skill}.`,
  },
  todo: {
    stranded: "Open the conversation and assign it.",
    forgotten: "Open the conversation and assign it.",
    two_agents: "Agree on who goes on, and have the other one transfer it.",
    over_capacity: "Give some of it to somebody else.",
    overdue: "Assign it, and tell whoever runs the installation: trato doctor says whether routing is running.",
    books: "Tell whoever runs the installation: trato doctor has the details.",
    nobody_knows: "Give somebody that skill, or change what the queue asks for.",
  },
  open: {
    conversation: (name) => `Open the conversation with ${name}`,
    unnamed: "Open the conversation",
    agent: "See the agents",
    queue: "See the queues",
    skill: "See the skills",
  },
  putAway: "Put away",
  putAwayDone: "Nobody is shown this notice any more. It comes back if it happens again.",
  more: (count) => `See ${count.toString()} more`,
  fewer: "See fewer",
};

export default en;
