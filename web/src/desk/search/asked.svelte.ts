/** What is found of what is being typed: asked after a short pause, and an answer to older letters is dropped. */
import { explain } from "../../api/problem";
import { search, type Found, type HitKind } from "../../api/search";
import { t } from "../../i18n/index.svelte";

const PAUSE_MS = 120;

export class Asked {
  found = $state.raw<Found | undefined>();
  error = $state("");
  busy = $state(false);
  /** The letters to which `found` is the answer. */
  of = $state("");
  #asking: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Asks for what is typed so far; at once, or after the pause in which another letter may come. */
  ask(typed: string, options: { now?: boolean; kind?: HitKind | null; limit?: number } = {}): void {
    this.stop();
    if (!typed.trim()) {
      this.found = undefined;
      this.of = "";
      this.error = "";
      return;
    }
    this.busy = true;
    this.#timer = setTimeout(() => void this.#send(typed, options.kind, options.limit), options.now ? 0 : PAUSE_MS);
  }

  /** Forgets what is under way. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#asking?.abort();
    this.busy = false;
  }

  async #send(typed: string, kind?: HitKind | null, limit?: number): Promise<void> {
    const asking = new AbortController();
    this.#asking = asking;
    try {
      const found = await search(typed, { kind: kind ?? null, ...(limit ? { limit } : {}) }, asking.signal);
      if (asking.signal.aborted) return;
      this.found = found;
      this.of = typed;
      this.error = "";
    } catch (error) {
      if (!asking.signal.aborted) this.error = explain(error, t.common);
    } finally {
      if (this.#asking === asking) this.busy = false;
    }
  }

  /** Puts the next page of one kind behind what is shown. */
  async more(kind: HitKind): Promise<void> {
    const before = this.found;
    const cursor = before?.groups.find((one) => one.kind === kind)?.next_cursor;
    if (!before || !cursor) return;
    const next = (await search(this.of, { kind, cursor, limit: 20 })).groups[0];
    if (this.found !== before || !next) return;
    const groups = before.groups.map((one) =>
      one.kind === kind ? { ...next, items: [...one.items, ...next.items] } : one,
    );
    this.found = { ...before, groups };
  }
}
