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
let asking: Promise<Response> | null = null;
let tries = 0;

/** Says of which server the parts come; the page has one widget. */
export function bringFrom(options: Options): void {
  from = options;
}

/** Asks how the brand looks, which is small and never taken from a cache unasked; rejects when the server is away. */
export function askLook(options: Options, patienceMs: number): Promise<Response> {
  const asked = ask(options, patienceMs).finally(() => { asking = null; });
  asking = asked;
  return asked;
}

async function ask({ server, account }: Options, patienceMs: number): Promise<Response> {
  const stop = new AbortController();
  const timer = setTimeout(() => { stop.abort(); }, patienceMs);
  try {
    const address = `${server}look/accounts/${account}`;
    const answer = await fetch(address, { credentials: "omit", signal: stop.signal });
    if (answer.status >= 500) throw new Error(answer.statusText); // also what a proxy says while it restarts
    answeredAt = performance.now();
    return answer;
  } finally {
    clearTimeout(timer);
  }
}

/** Runs an `import()` while the server is there, else rejects; one that fails is tried once under another address. */
export async function bring<Part>(load: () => Promise<Part>, other = loadFrom<Part>): Promise<Part> {
  if (from && performance.now() - answeredAt > FRESH_MS) await (asking ?? askLook(from, PATIENCE_MS));
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
