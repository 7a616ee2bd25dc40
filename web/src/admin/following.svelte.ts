/** Something asked from the server that is asked again when an event of its kind comes. */
import { live } from "../live/desk.svelte";
import { Fetched } from "../ui/fetched.svelte";

const PAUSE_MS = 150;

/** Call it while a component is set up: it follows for as long as the component lives. */
export function following<Value>(ask: () => Promise<Value>, ...types: string[]): Fetched<Value> {
  const found = new Fetched(ask);
  $effect(() => {
    let soon: ReturnType<typeof setTimeout> | undefined;
    const stop = live.hear(({ type }) => {
      if (!types.includes(type)) return;
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
