/** The few words that say what a move of a case was about; pure. */
import type { Move } from "../../api/shapes";

interface Told {
  what?: unknown;
  title?: unknown;
  steps?: readonly { title?: unknown }[];
  gone?: readonly unknown[];
}

export function detailOf(move: Move): string {
  const told = move.data as Told;
  if (told.steps) {
    return [...told.steps.map((step) => step.title), ...(told.gone ?? [])].map(String).join(", ");
  }
  const text = told.what ?? told.title;
  return typeof text === "string" ? text : "";
}
