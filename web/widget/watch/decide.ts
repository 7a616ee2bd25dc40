/** When to tell a visitor that the page fails and it is not them. Pure. */

export interface Met {
  kind: "script" | "request" | "clicks";
  /** Milliseconds. */
  at: number;
  /** Whether they had just pressed something: then it failed before their eyes. */
  touched: boolean;
}

export const TOUCHED_WITHIN_MS = 5_000;
const MANY = 3;
const MANY_WITHIN_MS = 30_000;

/** What failed after a touch, or again and again, is worth a word; one error of some script is not. */
export function tells(met: readonly Met[], now: number): boolean {
  if (met.some(({ kind, touched }) => kind === "clicks" || touched)) return true;
  return met.filter(({ at }) => now - at <= MANY_WITHIN_MS).length >= MANY;
}

export const CLICKS = 4;
const CLICKS_WITHIN_MS = 2_000;
const CLICKS_WITHIN_PX = 24;

export interface Click {
  at: number;
  x: number;
  y: number;
}

/** Whether the last of these clicks is one of many on the same place, quickly after one another. */
export function repeated(clicks: readonly Click[], least = CLICKS): boolean {
  const last = clicks.at(-1);
  if (!last) return false;
  const near = clicks.filter(
    ({ at, x, y }) => last.at - at <= CLICKS_WITHIN_MS && Math.hypot(last.x - x, last.y - y) <= CLICKS_WITHIN_PX,
  );
  return near.length >= least;
}

/** An address without what may hold a secret; empty for what is none of the web. */
export function bare(address: string, base: string): string {
  try {
    const url = new URL(address, base);
    return url.protocol === "http:" || url.protocol === "https:" ? url.origin + url.pathname : "";
  } catch {
    return "";
  }
}
