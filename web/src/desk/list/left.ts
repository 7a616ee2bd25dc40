/** How long is left of a promised time: open time, where the promise counts the hours in which the house is open. Pure. */
import type { Clock } from "../../live/promises.svelte";
import { elapsed } from "../../ui/time";

/** As many stretches as the server tells; what lies before the first of so many is not known. */
const MOST_CLOSED = 30;

export interface Left {
  ms: number;
  /** Some of the time until then does not count: it is open time that is said. */
  open: boolean;
}

/** What is left at a moment; undefined when nothing runs, or so much is left that the date says more. */
export function leftOf(clock: Clock | undefined, now: number): Left | undefined {
  if (!clock?.due_at) return undefined;
  const due = Date.parse(clock.due_at);
  const closed = clock.closed.map(([from, until]) => [Date.parse(from), Date.parse(until)] as const);
  const first = closed[0];
  if (first && closed.length >= MOST_CLOSED && now < first[0]) return undefined;
  const shut = closed.reduce((sum, [from, until]) => sum + Math.max(0, until - Math.max(now, from)), 0);
  return { ms: due - now - shut, open: shut > 0 };
}

const HOUR_MS = 3_600_000;
const TWO_DAYS_H = 48;

/** It in words: a day of open time is as long as the house makes it, so open time is told in hours. */
export function sayLeft({ ms, open }: Left, openTime: (time: string) => string): string {
  if (!open) return elapsed(ms);
  return openTime(ms < TWO_DAYS_H * HOUR_MS ? elapsed(ms) : `${Math.floor(ms / HOUR_MS).toString()} h`);
}
