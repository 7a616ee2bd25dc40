/** The promised times that run, by the conversation or case that they are about. */
import { untrack } from "svelte";
import { get } from "../api/client";
import type { components } from "../api/schema";
import type { Page } from "../api/shapes";

export type Clock = components["schemas"]["SlaClockView"];

const MOST_PAGES = 25;
let clocks = $state.raw<Readonly<Record<string, Clock>>>({});

/** The clocks with what is told of one: an older one changes nothing, one that is over goes. Pure. */
export function heard(known: Readonly<Record<string, Clock>>, told: Clock): Readonly<Record<string, Clock>> {
  const about = told.conversation_id ?? told.case_id ?? "";
  const before = known[about];
  // Ids are made in the order of time.
  if (before && (before.id > told.id || (before.id === told.id && before.version > told.version))) return known;
  if (!told.settled_at) return { ...known, [about]: told };
  return Object.fromEntries(Object.entries(known).filter(([id]) => id !== about));
}

/** The clocks without those that were there before all that run were asked for and are not among them. Pure. */
export function stillRunning(
  known: Readonly<Record<string, Clock>>,
  before: Readonly<Record<string, Clock>>,
  running: Readonly<Record<string, Clock>>,
): Readonly<Record<string, Clock>> {
  const isOld = (about: string, { id, version }: Clock): boolean =>
    before[about]?.id === id && before[about].version === version;
  return Object.fromEntries(
    Object.entries(known).filter(([about, one]) => running[about]?.id === one.id || !isOld(about, one)),
  );
}

export const promises = {
  of: (id: string | null | undefined): Clock | undefined => (id ? clocks[id] : undefined),
  hear(told: readonly Clock[]): void {
    if (told.length) clocks = untrack(() => told.reduce(heard, clocks)); // who tells does not follow
  },
  /** Asks for what runs; what was heard meanwhile is newer, and what was known before and runs no more goes. */
  async fetch(): Promise<void> {
    const before = clocks;
    let running: Readonly<Record<string, Clock>> = {};
    let cursor: string | null = null;
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const found: Page<Clock> = await get<Page<Clock>>("/sla-clocks", { cursor });
      clocks = found.items.reduce(heard, clocks);
      running = found.items.reduce(heard, running);
      cursor = found.next_cursor;
      if (!cursor) {
        clocks = stillRunning(clocks, before, running);
        return;
      }
    }
  },
  forget(): void {
    clocks = {};
  },
};
