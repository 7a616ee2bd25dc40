/** The files of a message that is being written: looked at before they travel, and none is left out without a word. */
import { Problem } from "../chat/api";
import type { Chat } from "../chat/chat";
import { newId } from "../chat/outbox";
import type { Attachment } from "../types";
import { size } from "./format";
import { MAX_FILES, sorted } from "./sorted";

/** How long one that came too soon after others is tried again by itself. */
const PATIENCE_MS = 120_000;
const PAUSE_MS = 3_000;

export interface Upload {
  key: string;
  file: File;
  /** `held`: nobody knows yet what may be sent; `waits`: there were too many at once. */
  step: "held" | "waits" | "travels" | "done";
  abort: AbortController;
  done: Attachment | null;
}

export class Uploads {
  items: readonly Upload[] = [];
  /** What is said of files that do not go. */
  problems: readonly string[] = [];

  constructor(
    private readonly chat: Chat,
    private readonly language: string,
    private readonly changed: () => void,
  ) {}

  get running(): boolean {
    return this.items.some(({ step }) => step !== "done");
  }

  get attachments(): Attachment[] {
    return this.items.flatMap(({ done }) => done ?? []);
  }

  /** Takes what may go, and says of the rest why it does not. */
  attach(files: readonly File[]): void {
    const { strings, state } = this.chat;
    const limits = state.phase === "ready" ? state.limits : null;
    const { taken, large, wrong, left } = sorted(files, MAX_FILES - this.items.length, limits);
    const names = new Intl.ListFormat(this.language).format(left.map(({ name }) => name));
    this.problems = [
      ...(names ? [strings.tooManyFiles(MAX_FILES, names)] : []),
      ...large.map(({ name }) => this.#tooLarge(name)),
      ...wrong.map(({ name }) => strings.wrongType(name)),
    ];
    const step = limits ? "travels" : "held";
    const items = taken.map((file): Upload => ({ key: newId(), file, step, abort: new AbortController(), done: null }));
    this.items = [...this.items, ...items];
    this.changed();
    if (limits) for (const item of items) void this.#upload(item);
  }

  /** Takes those that came before it was known what may be sent, once it is. */
  resume(): void {
    const held = this.items.filter(({ step }) => step === "held");
    if (!held.length || this.chat.state.phase === "starting") return;
    this.items = this.items.filter(({ step }) => step !== "held");
    if (this.chat.state.phase === "ready") this.attach(held.map(({ file }) => file));
  }

  remove(key: string): void {
    this.items.find((item) => item.key === key)?.abort.abort();
    this.items = this.items.filter((item) => item.key !== key);
    this.changed();
  }

  /** Begins anew: they went with a message, or whose they were is gone. */
  clear(): void {
    for (const { abort } of this.items) abort.abort();
    this.items = [];
    this.problems = [];
    this.changed();
  }

  async #upload({ key, file, abort }: Upload): Promise<void> {
    try {
      const done = await this.#send(key, file, abort.signal);
      this.#put(key, { step: "done", done });
    } catch (error) {
      if (abort.signal.aborted) return;
      this.problems = [...this.problems, this.#explain(file.name, error)];
      this.remove(key);
    }
  }

  /** Sends one; where there were too many at once it waits as long as the server asks, and tries again. */
  async #send(key: string, file: File, signal: AbortSignal): Promise<Attachment> {
    const until = performance.now() + PATIENCE_MS;
    for (;;) {
      try {
        return await this.chat.upload(file, signal);
      } catch (error) {
        if (!(error instanceof Problem) || error.status !== 429 || performance.now() > until) throw error;
        this.#put(key, { step: "waits" });
        await new Promise((resolve) => setTimeout(resolve, error.retryAfterMs || PAUSE_MS));
        if (signal.aborted) throw error;
        this.#put(key, { step: "travels" });
      }
    }
  }

  #put(key: string, change: Partial<Upload>): void {
    this.items = this.items.map((item) => (item.key === key ? { ...item, ...change } : item));
    this.changed();
  }

  #tooLarge(name: string): string {
    return this.chat.strings.tooLarge(name, size(this.chat.state.limits.max_file_bytes, this.language));
  }

  #explain(name: string, error: unknown): string {
    const { strings } = this.chat;
    const kind = error instanceof Problem ? error.kind : "";
    if (kind === "invalid") return strings.wrongType(name);
    if (kind === "too-large") return this.#tooLarge(name);
    return kind === "unreachable" ? strings.uploadFailed(name) : `${name}: ${this.chat.explain(error)}`;
  }
}
