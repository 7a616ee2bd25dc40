/** Something asked from the server that is asked again when an event concerns it. Call while a component is set up. */
import { Fetched } from "../ui/fetched.svelte";
import { live } from "./desk.svelte";
import { once } from "./once.svelte";
import type { DeskEvent } from "./state";

const PAUSE_MS = 150;
const SELDOM_MS = 20_000;

/** Asked once, for as long as the component lives: who leaves takes back what is not answered yet. */
export function asking<Value>(ask: () => Promise<Value>): Fetched<Value> {
  const found = new Fetched(ask);
  $effect(() => () => {
    found.leave();
  });
  return found;
}

/** Asked once for all who name the same `key`, and kept for a while: what is the same all over and changes seldom. */
export function seldom<Value>(key: string, ask: () => Promise<Value>): Fetched<Value> {
  return once(key, () => new Fetched(ask), SELDOM_MS);
}

/** Asks again soon after an event that concerns it, and after a later snapshot, for as long as the component lives. */
export function followSome<Value>(
  ask: () => Promise<Value>,
  concerns: (event: DeskEvent) => boolean,
): Fetched<Value> {
  const found = asking(ask);
  afterSnapshots(() => void found.again());
  $effect(() => {
    let soon: ReturnType<typeof setTimeout> | undefined;
    const stop = live.hear((event) => {
      if (!concerns(event)) return;
      clearTimeout(soon);
      soon = setTimeout(() => void found.again(), PAUSE_MS);
    });
    return () => {
      clearTimeout(soon);
      stop();
    };
  });
  return found;
}

/** The same, by the events' types. */
export function following<Value>(ask: () => Promise<Value>, ...types: string[]): Fetched<Value> {
  return followSome(ask, ({ type }) => types.includes(type));
}

/** Calls `again` after each later snapshot: events before it may have been missed. */
export function afterSnapshots(again: () => void): void {
  let epoch = live.epoch;
  $effect(() => {
    if (live.epoch === epoch) return;
    epoch = live.epoch;
    again();
  });
}
