import type { Words } from "./es";

/** Words of what a customer tried alone. */
const en: Words = {
  label: "On their own",
  searched: (question, outcome) =>
    outcome === "answered"
      ? `Searched “${question}”. Was shown`
      : outcome === "not_now"
        ? `Searched “${question}” while the search was not working`
        : `Searched “${question}”, without an answer`,
  read: "Read",
  solved: "Said that it solved it",
  unsolved: "Said that it did not solve it",
  reasons: {
    unclear: "hard to understand",
    wrong: "something in it is not right",
    incomplete: "a step or a detail is missing",
    another_matter: "their problem is another one",
    other: "something else",
  },
  page: "Was on",
  failures: {
    script: "A script failed on",
    request: "A page got no answer from its server:",
    clicks: "Clicked several times without effect on",
  },
  failing: {
    label: "Pages that fail",
    what: (page, visitors) => `Possible incident: ${page} fails. ${visitors.toString()} different visitors met it.`,
    kinds: {
      script: (what, line) => `A script fails${what ? ` in ${what}` : ""}${line ? `, line ${line.toString()}` : ""}.`,
      request: (what, status) => (status ? `${what} answers ${status.toString()}.` : `${what} does not answer.`),
      clicks: () => "They click again and again and nothing happens.",
    },
    since: (when) => `Since ${when}.`,
    open: "Open the page",
    incident: "See the incident",
    putAway: "Put away",
    putAwayDone: "It is shown to nobody any more. It comes back if it happens later.",
  },
};

export default en;
