/** What several parts of the page show is asked once and shared. Call while a component is set up. */
import { onDestroy } from "svelte";

interface Held {
  readonly value: unknown;
  readonly made: number;
  readonly end: () => void;
  users: number;
}

let held: Readonly<Record<string, Held>> = {};

function begin(key: string, make: () => unknown): Held {
  let value: unknown;
  const end = $effect.root(() => {
    value = make();
  });
  const one = { value, users: 0, made: Date.now(), end };
  held = { ...held, [key]: one };
  return one;
}

function drop(key: string, one: Held): void {
  one.end();
  held = Object.fromEntries(Object.entries(held).filter(([name]) => name !== key));
}

/**
 * What `make` gives, the same for all components that name the same `key` while one of them lives; its effects
 * end with the last. With `keepMs` it is taken up again by who comes within so long after it was made: for what
 * is the same all over the installation and changes seldom.
 */
export function once<Value>(key: string, make: () => Value, keepMs = 0): Value {
  const endUnlessKept = (one: Held): boolean => {
    const ends = !one.users && Date.now() - one.made >= keepMs;
    if (ends) drop(key, one);
    return ends;
  };
  const before = held[key];
  const mine = before && !endUnlessKept(before) ? before : begin(key, make);
  mine.users += 1;
  onDestroy(() => {
    mine.users -= 1;
    endUnlessKept(mine);
  });
  return mine.value as Value;
}
