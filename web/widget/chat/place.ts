/** Where the visitor is on the site, told once they wrote and when it changes; never before. */
import type { Context } from "../types";
import { Problem } from "./api";

export class Place {
  #context: Context | null = null;
  #told = "";
  #telling: Promise<void> = Promise.resolve();

  constructor(
    private readonly send: (context: Context, page: string) => Promise<void>,
    private readonly page: () => string = () => location.origin + location.pathname,
  ) {}

  /** What the page shows. */
  get thing(): string {
    return this.#context?.product?.name ?? "";
  }

  /** Takes what the page says; it is told with the next message, or at once when `running`. */
  put(context: Context | null, running = false): void {
    this.#context = context;
    if (running) void this.tell();
  }

  /** Tells what is new, one at a time; what cannot be told now is told with the next message. */
  tell(): Promise<void> {
    this.#telling = this.#telling.then(() => this.#tell());
    return this.#telling;
  }

  async #tell(): Promise<void> {
    const context = this.#context;
    const page = this.page();
    const now = JSON.stringify([context, page]);
    if (!context || now === this.#told) return;
    try {
      await this.send(context, page);
      this.#told = now;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
    }
  }

  /** Somebody else is here now. */
  forget(): void {
    this.#told = "";
  }
}
