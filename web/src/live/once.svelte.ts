/** What several parts of the page show is asked once and shared. Call while a component is set up. */
import { onDestroy } from "svelte";

interface Held {
  value: unknown;
  users: number;
  made: number;
  end: () => void;
}

const held = new Map<string, Held>();

function begin(make: () => unknown): Held {
  let value: unknown;
  const end = $effect.root(() => {
    value = make();
  });
  return { value, users: 0, made: Date.now(), end };
}

/**
 * What `make` gives, the same for all components that name the same `key` while one of them lives; its effects
 * end with the last. With `keepMs` it is taken up again by who comes within so long after it was made: for what
 * is the same all over the installation and changes seldom.
 */
export function once<Value>(key: string, make: () => Value, keepMs = 0): Value {
  let one = held.get(key);
  const old = (of: Held): boolean => Date.now() - of.made >= keepMs;
  const drop = (of: Held): void => {
    of.end();
    if (held.get(key) === of) held.delete(key);
  };
  if (one && !one.users && old(one)) {
    drop(one);
    one = undefined;
  }
  const mine = one ?? begin(make);
  held.set(key, mine);
  mine.users += 1;
  onDestroy(() => {
    mine.users -= 1;
    if (!mine.users && old(mine)) drop(mine);
  });
  return mine.value as Value;
}
