/** What something that is asked once came to, and asked anew when what it is about changes. */

/**
 * It takes the place of `{#await}`: Svelte 5.57 keeps what each of those came to for as long as the page lives, and a
 * desk lives long.
 */
export class Outcome<Value> {
  /** Undefined until it is there, and when it failed. */
  value = $state.raw<Value | undefined>();
  /** Why it failed. */
  error = $state.raw<unknown>();
  failed = $state(false);
}

/**
 * Asks whenever what `ask` reads before its first wait changes; undefined is nothing to ask. An answer to an earlier
 * question is let go. Call while a component is set up.
 */
export function outcome<Value>(ask: () => Promise<Value> | undefined): Outcome<Value> {
  const found = new Outcome<Value>();
  $effect.pre(() => {
    let over = false;
    const asked = ask();
    found.value = undefined;
    found.error = undefined;
    found.failed = false;
    asked?.then(
      (value) => {
        if (!over) found.value = value;
      },
      (error: unknown) => {
        if (over) return;
        found.error = error;
        found.failed = true;
      },
    );
    return () => {
      over = true;
    };
  });
  return found;
}
