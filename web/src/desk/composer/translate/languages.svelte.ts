/** In which language texts are written: asked for together, once each, of our own server alone. */
import { composing } from "../../../api/composing";
import { translating } from "./translating.svelte";

const LETTERS = 400; // enough to tell
const AT_ONCE = 50;
const PAUSE_MS = 50;

let known = $state.raw<Readonly<Record<string, string | null>>>({});
let wanted: readonly string[] = [];
let asking: readonly string[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;

let asked = false;

/** Asks once a page whether there is a translator. */
export function askOnce(): void {
  if (asked) return;
  asked = true;
  composing.translator().then(
    ({ available }) => {
      translating.found(available);
    },
    () => (asked = false), // nothing of it is shown until the next time
  );
}

const beginning = (text: string): string => text.slice(0, LETTERS);

async function flush(): Promise<void> {
  timer = undefined;
  const texts = wanted.slice(0, AT_ONCE);
  wanted = wanted.slice(AT_ONCE);
  asking = [...asking, ...texts];
  try {
    const found = await composing.languages(texts);
    known = { ...known, ...Object.fromEntries(texts.map((text, index) => [text, found[index] ?? null])) };
  } catch {
    // not known: nothing is offered, and whoever shows the text again asks again
  } finally {
    asking = asking.filter((text) => !texts.includes(text));
  }
  if (wanted.length) soon();
}

function soon(): void {
  timer ??= setTimeout(() => void flush(), PAUSE_MS);
}

export const languages = {
  /** Two letters; null where it is not clear, undefined until it is known. */
  of: (text: string): string | null | undefined => known[beginning(text)],
  ask(text: string): void {
    const one = beginning(text);
    if (!one.trim() || one in known || wanted.includes(one) || asking.includes(one)) return;
    wanted = [...wanted, one];
    soon();
  },
};
