/** How an erasure stands, and who asked for it, in words. */
import type { Words } from "../i18n/privacy/es";
import type { Erasure } from "./api";

/** `moment` says an instant in the reader's language. */
export function standing(erasure: Erasure, words: Words, moment: (at: Date) => string): string {
  if (erasure.state === "waiting") return words.waiting(moment(new Date(erasure.due_at)));
  return words[erasure.state](moment(new Date(erasure.settled_at ?? erasure.created_at)));
}

export function askedBy(
  erasure: Erasure,
  names: Readonly<Record<string, string>>,
  words: Words,
  moment: (at: Date) => string,
): string {
  const actor = erasure.asked_by;
  const ours = actor.startsWith("key:") ? words.byKey : words.someone;
  const who = names[actor] ?? (actor.startsWith("contact") || actor.startsWith("customer") ? words.byContact : ours);
  return words.askedBy(who, moment(new Date(erasure.created_at)));
}

/** How many rows were erased or emptied in all. */
export const counted = (erasure: Erasure): number => Object.values(erasure.erased).reduce((sum, rows) => sum + rows, 0);
