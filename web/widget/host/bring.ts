/**
 * Fetches parts of the widget when they are needed, so that one that could not be had now can be had later: browsers
 * keep for the whole page that an import failed, so it is asked first whether the server is there.
 */
import type { Options } from "../types";

/** For so long an answer says that the server is there. */
const FRESH_MS = 10_000;
const PATIENCE_MS = 8_000;

let from: Options | null = null;
let answeredAt = -Infinity;
let tries = 0;

/** Says of which server the parts come; the page has one widget. */
export function bringFrom(options: Options): void {
  from = options;
}

/** Notes that the server has just answered. */
export function answered(): void {
  answeredAt = performance.now();
}

/** Asks whether the launcher is still as it was, which is short to answer; rejects when the server is away. */
async function reach({ server }: Options): Promise<void> {
  const stop = new AbortController();
  const timer = setTimeout(() => { stop.abort(); }, PATIENCE_MS);
  try {
    const options: RequestInit = { cache: "no-cache", credentials: "omit", signal: stop.signal };
    const answer = await fetch(`${server}widget/launcher.js`, options);
    if (!answer.ok) throw new Error(answer.statusText); // also what a proxy says while it restarts
    answered();
  } finally {
    clearTimeout(timer);
  }
}

/** Runs an `import()` while the server is there, else rejects; one that fails is tried once under another address. */
export async function bring<Part>(load: () => Promise<Part>, other = loadFrom<Part>): Promise<Part> {
  if (from && performance.now() - answeredAt > FRESH_MS) await reach(from);
  try {
    return await load();
  } catch (error) {
    answeredAt = -Infinity;
    const address = failedAddress(error);
    if (!from || !address?.startsWith(from.server)) throw error;
    tries += 1;
    return other(`${address}?again=${tries}`);
  }
}

/** The words of Chromium and Firefox for an import that failed end in its address; others try again by themselves. */
function failedAddress(error: unknown): string | undefined {
  return error instanceof Error ? /https?:\S+$/.exec(error.message)?.[0] : undefined;
}

function loadFrom<Part>(address: string): Promise<Part> {
  return import(/* @vite-ignore */ address) as Promise<Part>;
}
