/** Whether a text may go: held back once when it went to others, and never by a question without an answer. */
import type { SameText } from "../../../api/composing";
import { worthAsking } from "./same";

type Look = (text: string, signal: AbortSignal) => Promise<SameText>;

/** Sending waits no longer for the answer: a text goes out rather than being lost in a question. */
const LIMIT_MS = 1_000;
/** While it is written there is more time. */
const AHEAD_MS = 5_000;

export class Gate {
  /** The text that is held back, until it is changed or whoever wrote it says that it goes. */
  held = $state("");
  #known = $state.raw<{ text: string; found: SameText } | undefined>();
  #look: Look;
  #accepted = "";
  #asking = "";

  constructor(look: Look) {
    this.#look = look;
  }

  /** What is known of the text that is held back, as long as it is still the one that is written. */
  said(written: string): SameText | undefined {
    const same = this.held && this.held === written.trim() && this.#known?.text === this.held;
    return same ? this.#known?.found : undefined;
  }

  /** Says whether a text may go now; a promise where that has to be asked first. */
  before(written: string): boolean | Promise<boolean> {
    const text = written.trim();
    if (text === this.#accepted || !worthAsking(text)) return true;
    if (this.#asking === text) return false; // pressed twice: the first one goes on
    if (this.#known?.text === text) return this.#decide(text);
    this.#asking = text;
    return this.#ask(text, LIMIT_MS).then(() => {
      this.#asking = "";
      return this.#decide(text);
    });
  }

  /** Asks while it is being written, so that it is known when it is sent. */
  ahead(written: string): void {
    const text = written.trim();
    if (worthAsking(text)) void this.#ask(text, AHEAD_MS);
  }

  /** It goes as it stands. */
  accept(): void {
    this.#accepted = this.held;
    this.held = "";
  }

  #decide(text: string): boolean {
    if (this.#known?.text === text && this.#known.found.told) {
      this.held = text;
      return false;
    }
    this.#accepted = text; // also where nobody answered: it is a courtesy and holds nothing up
    return true;
  }

  async #ask(text: string, limitMs: number): Promise<void> {
    if (this.#known?.text === text) return;
    try {
      const found = await this.#look(text, AbortSignal.timeout(limitMs));
      this.#known = { text, found };
    } catch {
      // not known: it goes
    }
  }
}
