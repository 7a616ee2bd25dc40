/**
 * What somebody edits may be changed by somebody else meanwhile. A save says which version it started from; when that
 * is refused, what was typed stays in the form, and saving once more is meant: it goes over what the other one wrote.
 */
import { Problem } from "./problem";

export class Edited {
  #version: number | undefined;

  /** Without a version (something new) nothing can be in the way. */
  constructor(version?: number) {
    this.#version = version;
  }

  /** Sends with the version known; rejects as `send` does. */
  async save<Saved extends { version: number }>(
    send: (version: number | undefined) => Promise<Saved>,
  ): Promise<Saved> {
    try {
      const saved = await send(this.#version);
      this.#version = saved.version;
      return saved;
    } catch (error) {
      if (error instanceof Problem && error.changed) this.#version = error.changed.version;
      throw error;
    }
  }
}
