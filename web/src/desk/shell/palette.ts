/** Finds entries by what is typed: every word must begin a word of the label, accents and case aside. Pure. */
import { folded } from "../../ui/folded";

export function matches(label: string, typed: string): boolean {
  const words = folded(label).split(/[^\p{L}\p{N}]+/u);
  return folded(typed)
    .split(/\s+/)
    .filter(Boolean)
    .every((part) => words.some((word) => word.startsWith(part)));
}
