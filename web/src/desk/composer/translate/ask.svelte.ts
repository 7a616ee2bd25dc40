/** One translation: asked for by a person, waited for a while, and what went wrong is said. */
import { composing, type Translation } from "../../../api/composing";
import { explain } from "../../../api/problem";
import { t } from "../../../i18n/index.svelte";

/** A little more than the longest that the server may wait for the translator. */
const LIMIT_MS = 70_000;

export class Translating {
  made = $state.raw<Translation | undefined>();
  error = $state("");
  busy = $state(false);
  #asking: AbortController | undefined;

  async ask(text: string, to: string, source: string | null): Promise<void> {
    this.stop();
    const asking = new AbortController();
    this.#asking = asking;
    this.busy = true;
    this.error = "";
    this.made = undefined;
    try {
      const signal = AbortSignal.any([asking.signal, AbortSignal.timeout(LIMIT_MS)]);
      const made = await composing.translate(text, to, source, signal);
      if (!asking.signal.aborted) this.made = made;
    } catch (error) {
      if (!asking.signal.aborted) this.error = explain(error, t.common);
    } finally {
      if (this.#asking === asking) this.busy = false;
    }
  }

  stop(): void {
    this.#asking?.abort();
    this.busy = false;
  }
}

/** A language by its name in the reader's language. */
export const languageName = (code: string): string =>
  new Intl.DisplayNames([t.language], { type: "language" }).of(code) ?? code;
