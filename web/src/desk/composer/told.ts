/** What the server was last told of a draft, or told us: whether what stands here was changed since. On this device. */
import type { Mode } from "./drafts";

const place = (name: string, mode: Mode): string => `trato.told.${name}${mode === "note" ? ".note" : ""}`;

/** As `said` says it; nothing where the server has none, or it is not known. */
export function toldOf(name: string, mode: Mode): string {
  try {
    return localStorage.getItem(place(name, mode)) ?? "";
  } catch {
    return ""; // storage is blocked: all counts as changed, and stays
  }
}

export function setTold(name: string, mode: Mode, words: string): void {
  try {
    if (words) localStorage.setItem(place(name, mode), words);
    else localStorage.removeItem(place(name, mode));
  } catch {
    // storage is blocked or full: as above
  }
}
