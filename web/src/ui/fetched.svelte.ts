/** Something asked from the server: its value, or in words why there is none. */
import { until } from "../api/client";
import { explain } from "../api/problem";
import { t } from "../i18n/index.svelte";

export class Fetched<Value> {
  value = $state.raw<Value | undefined>();
  error = $state("");
  #ask: () => Promise<Value>;
  #latest = 0;
  #left = new AbortController();

  constructor(ask: () => Promise<Value>) {
    this.#ask = ask;
    void this.again();
  }

  /** Nobody looks any more: what was asked for is taken back. */
  leave(): void {
    this.#left.abort();
    this.#left = new AbortController();
  }

  /** Asks once more; what is shown stays until the answer is there. */
  async again(): Promise<void> {
    const asked = ++this.#latest;
    const { signal } = this.#left;
    try {
      const value = await until(signal, this.#ask);
      if (asked !== this.#latest) return;
      this.value = value;
      this.error = "";
    } catch (error) {
      if (asked === this.#latest && !signal.aborted) this.error = explain(error, t.common);
    }
  }
}
