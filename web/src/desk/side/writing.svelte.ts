/** What somebody writes to colleagues of a case, kept on this device until it was said. Call while a component is set up. */
import { onMount } from "svelte";
import { EMPTY, keepDraft, readDraft, textAbove, type Draft } from "../composer/drafts";
import { followTabs } from "../composer/tabs";
import { after, goingOf, keepGoing, type Going } from "./going";

const MODE = "note";

/** What is on its way, by case; whoever goes on to something else finds what came of it. */
let sending = $state.raw<Readonly<Record<string, Going | undefined>>>({});
let shown: Readonly<Record<string, Writing | undefined>> = {};

const named = (caseId: string): string => `side.${caseId}`;
const drafted = (text: string): Draft => ({ ...EMPTY, mode: MODE, text });
const keep = (caseId: string, text: string): void => {
  keepDraft(named(caseId), drafted(text));
};

export class Writing {
  text = $state("");
  readonly #caseId: string;

  constructor(caseId: string) {
    this.#caseId = caseId;
    this.text = after(this.#going, readDraft(named(caseId), MODE).text);
    // As long as it is on its way it is kept with what is begun behind it.
    $effect(() => {
      keep(caseId, textAbove(this.#going, this.text));
    });
    onMount(() => {
      shown = { ...shown, [caseId]: this };
      const read = (mode: Draft["mode"]): Draft => drafted(mode === MODE ? textAbove(this.#going, this.text) : "");
      const alone = followTabs(named(caseId), read, (_, draft) => {
        this.text = after(this.#going, draft.text);
      });
      return () => {
        alone();
        if (shown[caseId] === this) shown = { ...shown, [caseId]: undefined };
      };
    });
  }

  get #going(): string {
    return sending[this.#caseId]?.text ?? "";
  }

  get busy(): boolean {
    return sending[this.#caseId] !== undefined;
  }

  /** Takes out what is to be said. */
  begin(): Going {
    const text = this.text.trim();
    const before = goingOf(this.#caseId);
    const going = before?.text === text ? before : { text, id: crypto.randomUUID() };
    keepGoing(this.#caseId, going);
    sending = { ...sending, [this.#caseId]: going };
    this.text = "";
    return going;
  }

  /** What could not be said stands above what was begun meanwhile, also for who has gone on or come back. */
  end({ text }: Going, done: boolean): void {
    const caseId = this.#caseId;
    sending = { ...sending, [caseId]: undefined };
    if (done) keepGoing(caseId, undefined);
    const here = shown[caseId];
    if (here && !done) here.text = textAbove(text, here.text);
    if (!here && done) keep(caseId, after(text, readDraft(named(caseId), MODE).text));
  }

  /** It had arrived although nothing was heard of it, such as before a reload. */
  arrived(clientIds: readonly (string | null)[]): void {
    const going = goingOf(this.#caseId);
    if (!going || this.busy || !clientIds.includes(going.id)) return;
    keepGoing(this.#caseId, undefined);
    this.text = after(going.text, this.text);
  }
}
