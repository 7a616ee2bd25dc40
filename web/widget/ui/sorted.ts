/** Which of the files that somebody chose go with a message, and why the others do not. Pure. */
import type { Limits } from "../types";

/** How many the server takes with one message. */
export const MAX_FILES = 10;

export interface Sorted<Chosen> {
  taken: Chosen[];
  large: Chosen[];
  wrong: Chosen[];
  /** There is no room for them. */
  left: Chosen[];
}

/** Sorts them in their order; with null nobody knows yet what may be sent. A name without an ending is left to the server. */
export function sorted<Chosen extends Pick<File, "name" | "size">>(
  files: readonly Chosen[],
  room: number,
  limits: Limits | null,
): Sorted<Chosen> {
  const found: Sorted<Chosen> = { taken: [], large: [], wrong: [], left: [] };
  for (const file of files) {
    const ending = file.name.includes(".") ? file.name.split(".").pop()?.toLowerCase() : undefined;
    if (limits && file.size > limits.max_file_bytes) found.large.push(file);
    else if (limits && ending !== undefined && !limits.extensions.includes(ending)) found.wrong.push(file);
    else if (found.taken.length < room) found.taken.push(file);
    else found.left.push(file);
  }
  return found;
}
