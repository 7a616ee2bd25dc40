/** Messages that wait to be sent: kept across reloads, sent in order, by one tab at a time, never twice. */
import type { Attachment, Pending } from "../types";
import { Problem } from "./api";
import type { Storage } from "./storage";

const NAME = "outbox";
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

export interface OutboxHooks {
  /** Hands one message to the server; sending the same `client_id` again is harmless there. */
  send(message: Pending): Promise<void>;
  changed(pending: readonly Pending[]): void;
  /** Runs the work while no other tab of this visitor does the same. */
  alone(work: () => Promise<void>): Promise<void>;
  /** Says in words why a message cannot be sent. */
  explain(problem: Problem): string;
}

export class Outbox {
  #flushing: Promise<void> | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #waitMs = FIRST_WAIT_MS;
  #unwatch: () => void;

  constructor(
    private readonly storage: Storage,
    private readonly hooks: OutboxHooks,
  ) {
    this.#unwatch = storage.watch(NAME, () => {
      this.hooks.changed(this.pending);
    });
  }

  get pending(): readonly Pending[] {
    const kept = this.storage.get<Pending[]>(NAME);
    return Array.isArray(kept) ? kept : [];
  }

  add(text: string, attachments: Attachment[], at: Date): void {
    const message = { client_id: newId(), text, attachments, at: at.toISOString(), error: null };
    this.#write([...this.pending, message]);
    void this.flush();
  }

  /** Takes the answer to what a message asks; the last one given counts. */
  answer(message: string, solved: boolean, at: Date): void {
    const others = this.pending.filter(({ answers }) => answers?.message !== message);
    const item = { client_id: newId(), text: "", attachments: [], at: at.toISOString(), error: null };
    this.#write([...others, { ...item, answers: { message, solved } }]);
    void this.flush();
  }

  retry(clientId: string): void {
    this.#write(this.pending.map((item) => (item.client_id === clientId ? { ...item, error: null } : item)));
    void this.flush();
  }

  discard(clientId: string): void {
    this.#write(this.pending.filter((item) => item.client_id !== clientId));
  }

  /** Sends what can be sent now. Call it again when the network is back; it also tries by itself. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#flushing ??= this.hooks
      .alone(() => this.#sendAll())
      .finally(() => {
        this.#flushing = null;
        if (this.#next()) this.#timer = setTimeout(() => void this.flush(), this.#waitMs);
      });
    return this.#flushing;
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#unwatch();
  }

  async #sendAll(): Promise<void> {
    for (let next = this.#next(); next; next = this.#next()) {
      try {
        await this.hooks.send(next);
        this.discard(next.client_id);
        this.#waitMs = FIRST_WAIT_MS;
      } catch (error) {
        if (!(error instanceof Problem) || error.passing) {
          const asked = error instanceof Problem ? error.retryAfterMs : 0;
          this.#waitMs = Math.max(asked, Math.min(2 * this.#waitMs, LONGEST_WAIT_MS));
          return; // the order is kept: the next waits with it
        }
        this.#fail(next.client_id, this.hooks.explain(error));
      }
    }
  }

  #next(): Pending | undefined {
    return this.pending.find(({ error }) => error === null);
  }

  #fail(clientId: string, error: string): void {
    this.#write(this.pending.map((item) => (item.client_id === clientId ? { ...item, error } : item)));
  }

  #write(pending: readonly Pending[]): void {
    this.storage.set(NAME, pending.length ? pending : null);
    this.hooks.changed(this.pending);
  }
}

/** A random id also where `randomUUID` is missing, as on pages without HTTPS. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
