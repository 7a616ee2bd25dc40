/** What keys do: screens offer acts while they are shown, one listener calls the latest offer for a key. */
import { preferences } from "../preferences.svelte";

type Act = (event: KeyboardEvent) => void;

const offered: Record<string, Act[] | undefined> = {};

/**
 * Offers acts by key while the calling component lives and there is something to do; call it while the component
 * is set up. A key that two offer belongs to the later one: who has nothing to do must leave it to the other.
 */
export function onKeys(acts: Record<string, Act>, when: () => boolean = () => true): void {
  const applies = $derived(when());
  $effect(() => {
    if (!applies) return;
    for (const [key, act] of Object.entries(acts)) offered[key] = [...(offered[key] ?? []), act];
    return () => {
      for (const [key, act] of Object.entries(acts)) {
        offered[key] = offered[key]?.filter((other) => other !== act);
      }
    };
  });
}

/** Somebody is typing or choosing: single keys belong to the control. */
function takesText(target: EventTarget | null): target is HTMLElement {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.matches("input:not([type=checkbox]):not([type=radio]), textarea, select"))
  );
}

function inWindowOrMenu(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("[role=dialog], [role=menu]") !== null;
}

/** The name of a key press: `k`, `?`, `Escape`, or `mod+k` with Ctrl or ⌘. */
export function keyName(
  event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey">,
): string | undefined {
  if (event.altKey) return undefined;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  return event.ctrlKey || event.metaKey ? `mod+${key}` : key;
}

function press(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  const name = keyName(event);
  if (!name) return;
  const single = name.length === 1;
  if (single && (!preferences.singleKeys || takesText(event.target))) return;
  if (!name.startsWith("mod+") && inWindowOrMenu(event.target)) return;
  const act = offered[name]?.at(-1);
  if (!act) return;
  if (name === "Escape" && takesText(event.target)) {
    event.target.blur(); // what was typed stays, and the screen with it: the next one is the screen's
    return;
  }
  event.preventDefault();
  act(event);
}

/** Starts listening; call the result to stop. */
export function listenToKeys(): () => void {
  addEventListener("keydown", press);
  return () => {
    removeEventListener("keydown", press);
  };
}
