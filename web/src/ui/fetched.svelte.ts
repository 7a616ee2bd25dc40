/** Something asked from the server: its value, or in words why there is none. */
import { explain } from "../api/problem";
import { t } from "../i18n/index.svelte";

export class Fetched<Value> {
  value = $state.raw<Value | undefined>();
  error = $state("");
  #ask: () => Promise<Value>;
  #latest = 0;

  constructor(ask: () => Promise<Value>) {
    this.#ask = ask;
    void this.again();
  }

  /** Asks once more; what is shown stays until the answer is there. */
  async again(): Promise<void> {
    const asked = ++this.#latest;
    try {
      const value = await this.#ask();
      if (asked !== this.#latest) return;
      this.value = value;
      this.error = "";
    } catch (error) {
      if (asked === this.#latest) this.error = explain(error, t.common);
    }
  }
}
