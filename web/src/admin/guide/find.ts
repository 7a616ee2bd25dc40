/**
 * Finds pages and fields of administration by what somebody types: in the reader's language, accents aside, by the
 * beginnings of words, and by other words for the same thing. Pure.
 */
import { folded } from "../../ui/folded";

export interface Findable {
  id: string;
  /** Where it is. */
  path: string;
  title: string;
  /** The page on which a field stands. */
  page?: string;
  /** Other words for it; those of its page count a little for a field. */
  words: string;
}

const split = (text: string): string[] =>
  folded(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);

/** Small words say nothing of what is sought. */
const SMALL = new Set(
  "a al as com con da das de del do dos e el em en for from how i in la las lo los my na no o of on os para por que se su the to um uma un una y".split(" "),
);

/** How well one word fits: its own name before other names, a whole word before its beginning. */
function fit(typed: string, words: readonly string[], whole: number, part: number): number {
  let best = 0;
  for (const word of words) {
    if (word === typed) return whole;
    // "correos" is found by "correo", and "correo" by "correos"
    if (word.startsWith(typed) || (typed.length > 4 && word.length > 3 && typed.startsWith(word))) best = part;
  }
  return best;
}

function score(entry: Findable, typed: readonly string[]): number {
  const [title, words, page] = [split(entry.title), split(entry.words), split(entry.page ?? "")];
  let sum = 0;
  // Other words for a whole page come before the name of one field: who seeks "correo" means the channels.
  const [named, other] = entry.page ? [11, 5] : [15, 12];
  for (const word of typed) {
    const best = Math.max(fit(word, title, named, 8), fit(word, words, other, 3), fit(word, page, 2, 1));
    if (!best) return 0;
    sum += best;
  }
  return sum + (entry.page ? 0 : 1); // a page before its fields, where both fit as well
}

/** What fits, the best first; each word that says something has to fit. */
export function found(entries: readonly Findable[], text: string, few = 12): Findable[] {
  const all = split(text);
  const said = all.filter((word) => !SMALL.has(word));
  const typed = said.length ? said : all;
  if (!typed.length) return [];
  return entries
    .map((entry, place) => ({ entry, place, points: score(entry, typed) }))
    .filter(({ points }) => points > 0)
    .sort((one, other) => other.points - one.points || one.place - other.place)
    .slice(0, few)
    .map(({ entry }) => entry);
}
