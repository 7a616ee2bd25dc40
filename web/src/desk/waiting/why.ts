/** Says why somebody still waits. Pure. */
import type { Waiting } from "../../api/together";
import type together from "../../i18n/together/es";

type Words = (typeof together)["line"]["reasons"];

/** One sentence; `name` says an agent's name by id. */
export function whyWaiting(row: Waiting, words: Words, name: (id: string) => string): string {
  if (row.why === "offered") return words.offered(row.offered_to ? name(row.offered_to) : "?");
  const because = words[row.why];
  return row.waits_for ? `${because}; ${words.preferred(name(row.waits_for))}` : because;
}
