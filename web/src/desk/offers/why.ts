/** Says in the reader's language why routing chose an agent. */
import type { Interaction, Reason } from "../../api/shapes";
import type desk from "../../i18n/desk/es";

type Words = (typeof desk)["why"];
type Say = (words: Words, values: Reason["values"]) => string;

const says = new Map<string, Say>([
  ["knows", (words, { skill = "", level = 0 }) => words.knows(skill, level)],
  ["owner", (words) => words.owner],
  ["spoke_last", (words, { days }) => (days === undefined ? words.spoke_last : words.handled(days))],
  ["language", (words) => words.language],
  ["only_free", (words) => words.only_free],
  ["least_busy", (words, { free = 1 }) => words.least_busy(free)],
  ["longest_idle", (words, { free = 1 }) => words.longest_idle(free)],
  ["busy", (words, { load = 0, capacity = 0 }) => words.busy(load, capacity)],
  [
    "relaxed",
    (words, { minutes = 0, allow = "" }) =>
      words.relaxed(minutes, words.allowed[allow as keyof Words["allowed"]]),
  ],
  ["asked_again", (words) => words.again],
  ["taken", (words) => words.taken],
  ["took_over", (words) => words.took_over],
  ["transferred", (words) => words.transferred],
  ["handed_over", (words) => words.handed_over],
]);

/** Returns one sentence; the stored English one when this desk does not know one of the reasons. */
export function why(interaction: Pick<Interaction, "reason" | "decision">, words: Words): string {
  const { reasons, code, callback } = interaction.decision;
  const said: string[] = callback ? [words.called[callback]] : [];
  for (const reason of reasons ?? (code === undefined ? [] : [{ code, values: {} }])) {
    const say = says.get(reason.code);
    if (!say) return [...(callback ? [words.called[callback]] : []), interaction.reason].join(", ");
    said.push(say(words, reason.values));
  }
  return said.length > (callback ? 1 : 0) ? said.join(", ") : [...said, interaction.reason].join(", ");
}
