/**
 * What is typed and not saved: whoever leaves it is asked first, by whatever way they go (a link, back and forward,
 * closing a window or the page). Each form says for itself whether something would be lost.
 */
import { getContext, setContext, tick, untrack } from "svelte";
import type { Attachment } from "svelte/attachments";

export interface Held {
  /** Whether something would be lost now. */
  changed: () => boolean;
  /** It is let go; afterwards nothing is lost any more. */
  discard: () => void;
  /** It was not typed, but is shown this once, such as a secret. */
  once?: boolean;
  /** The path below which it stays on the page: going there loses nothing. */
  under?: string | undefined;
}

interface Question {
  lost: readonly Held[];
  go: () => void;
  stay: () => void;
}

/** What is held somewhere: in a window, or anywhere. */
interface Place {
  held: readonly Held[];
}

const WINDOW = Symbol("the window that a form stands in");
/** All that is on the page. */
const everywhere: Place = { held: [] };
let question = $state.raw<Question | null>(null);

const changedOf = ({ held }: Place): Held[] => held.filter((one) => one.changed());

function atUnload(event: BeforeUnloadEvent): void {
  if (changedOf(everywhere).length) event.preventDefault();
}

/** Asks before this is left, as long as the calling component lives; call it while the component is set up. */
export function hold(one: Held, around = getContext<Place | null | undefined>(WINDOW)): void {
  const places = around ? [everywhere, around] : [everywhere];
  $effect(() => {
    for (const place of places) place.held = [...place.held, one];
    addEventListener("beforeunload", atUnload); // the same one again is no second
    return () => {
      for (const place of places) place.held = place.held.filter((other) => other !== one);
      if (!everywhere.held.length) removeEventListener("beforeunload", atUnload);
    };
  });
}

/** Whether the calling component stands in a window. */
export const inWindow = (): boolean => getContext(WINDOW) !== undefined;

/** What the forms of a window hold; call it while the window is set up. */
export function heldInWindow(): Place {
  const inside: Place = { held: [] };
  setContext(WINDOW, inside);
  return inside;
}

/** What the fields of a form say, as one text. */
function readingOf(form: Element): string {
  const fields = form.querySelectorAll<HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement>(
    "input, textarea, select",
  );
  return JSON.stringify(
    [...fields].map((field) => [field.value, field instanceof HTMLInputElement && field.checked]),
  );
}

/** Tells of each change that the person makes in a form: typed, chosen, or by a button after which it reads otherwise. */
export function noting(changed: () => void): Attachment<HTMLElement> {
  return (form) => {
    const pressed = async (event: Event): Promise<void> => {
      const button = event.target instanceof Element ? event.target.closest("button") : null;
      if (!button || button.type !== "button") return;
      const before = readingOf(form);
      await tick();
      if (form.isConnected && readingOf(form) !== before) changed();
    };
    const onclick = (event: Event): void => void pressed(event);
    form.addEventListener("input", changed);
    form.addEventListener("click", onclick, true); // before the button does what it does
    return () => {
      form.removeEventListener("input", changed);
      form.removeEventListener("click", onclick, true);
    };
  };
}

export const unsaved = {
  /** What is asked now, if anything: about what was typed, or what is shown once. */
  get asked(): "typed" | "once" | null {
    if (!question) return null;
    return question.lost.some(({ once }) => !once) ? "typed" : "once";
  },
  /** Whether something would be lost, of what is given or of all. */
  changed: (place: Place = everywhere): boolean => changedOf(place).length > 0,
  /** Goes on when nothing is lost by it, and asks first otherwise; `stay` follows when they rather stay. */
  leave(go: () => void, place: Place = everywhere, stay: () => void = () => undefined): void {
    const lost = untrack(() => changedOf(place));
    if (!lost.length) return void go();
    question?.stay();
    question = { lost, go, stay };
  },
  /** Whether a step to a path has to wait for an answer; when that is yes, `go` follows. */
  holds(path: string, go: () => void): boolean {
    const held = everywhere.held.filter(({ under }) => under === undefined || !path.startsWith(under));
    const waits = unsaved.changed({ held });
    if (waits) unsaved.leave(go, { held });
    return waits;
  },
  stay(): void {
    const asked = question;
    question = null;
    asked?.stay();
  },
  discard(): void {
    const asked = question;
    question = null;
    for (const one of asked?.lost ?? []) one.discard();
    asked?.go();
  },
  /** What was being changed is gone: there is nothing to ask. */
  forget(): void {
    for (const one of everywhere.held) one.discard();
  },
};
