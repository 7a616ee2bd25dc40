/** Where what was found is read. Pure. */
import type { Hit } from "../../api/search";
import { folded } from "../../ui/folded";

/** The address of a hit; nothing for a person or case without a conversation yet. */
export function placeOf(hit: Hit): string | undefined {
  if (hit.kind === "article") return `/articles/${hit.id}`;
  if (!hit.conversation_id) return undefined;
  const place = `/c/${hit.conversation_id}`;
  return hit.kind === "message" ? `${place}?m=${hit.id}` : place;
}

/** The address of the page with all results. */
export function resultsOf(typed: string, kind?: string): string {
  const asked = new URLSearchParams({ q: typed.trim(), ...(kind ? { kind } : {}) });
  return `/search?${asked.toString()}`;
}

/** What was typed with some of its words replaced, accents and case aside. */
export function withWords(typed: string, changed: readonly { typed: string; word: string }[]): string {
  return typed.replace(/[\p{L}\p{N}\p{M}]+/gu, (word) => {
    const found = changed.find((one) => one.typed === folded(word));
    return found ? found.word : word;
  });
}
