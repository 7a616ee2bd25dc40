/** Words of the search over everything. */
import type es from "./es";

const en: typeof es = {
  title: "Search",
  field: "What you look for",
  placeholder: "Person, case, message or article",
  kinds: "What is shown",
  all: "Everything",
  kind: { contact: "People", case: "Cases", message: "Messages", article: "Articles" },
  more: {
    contact: "More people",
    case: "More cases",
    message: "More messages",
    article: "More articles",
  },
  everything: (q: string) => `All results for “${q}”`,
  count: (count: number, more: boolean) =>
    count === 0 ? "Nothing matches" : `${more ? "More than " : ""}${count.toString()} ${count === 1 ? "result" : "results"}`,
  replaced: (word: string, typed: string) => `Searched for “${word}” instead of “${typed}”, which appears nowhere.`,
  meant: "Did you mean…?",
  reading: "What is older is still being read: something may be missing.",
  none: "Nothing matches",
  noneNext: "Try fewer words, a last name, a phone number or the number of the case.",
  empty: "Type what you remember",
  emptyNext: "A name, a phone number, the number of a case or some words of a message. Accents do not matter.",
  note: "note",
  nowhere: "There is no conversation yet.",
};

export default en;
