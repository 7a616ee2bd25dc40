/** A list that comes in pages: the first when it is made, more when asked; asked again, as many as are there. */
import type { Page } from "../api/shapes";
import { Fetched } from "./fetched.svelte";

export class Paged<Item> extends Fetched<Page<Item>> {
  #page: (cursor: string | null) => Promise<Page<Item>>;
  #loaded: { pages: number; question: number };

  constructor(page: (cursor: string | null) => Promise<Page<Item>>) {
    const loaded = { pages: 1, question: 0 };
    super(async () => {
      let found = await page(null);
      // More may be loaded while this is under way: the number is looked at each time.
      for (let pages = 1; pages < loaded.pages && found.next_cursor; pages += 1) {
        found = behind(found, await page(found.next_cursor));
      }
      return found;
    });
    this.#page = page;
    this.#loaded = loaded;
  }

  /** Asks for something else: its first page takes the place of all that is there. */
  async anew(): Promise<void> {
    this.#loaded.pages = 1;
    this.#loaded.question += 1;
    await this.again();
  }

  /** Puts the next page behind what is there; rejects as the request does. */
  async more(): Promise<void> {
    const before = this.value;
    if (!before?.next_cursor) return;
    const { question } = this.#loaded;
    const next = await this.#page(before.next_cursor);
    if (question !== this.#loaded.question) return;
    this.#loaded.pages += 1;
    if (this.value === before) this.value = behind(before, next);
    else await this.again(); // asked again meanwhile: what came may not follow what is there now
  }
}

function behind<Item>(before: Page<Item>, next: Page<Item>): Page<Item> {
  return { items: [...before.items, ...next.items], next_cursor: next.next_cursor };
}
