/** A list that comes in pages: the first when it is made, more when asked. */
import type { Page } from "../api/shapes";
import { Fetched } from "./fetched.svelte";

export class Paged<Item> extends Fetched<Page<Item>> {
  #page: (cursor: string | null) => Promise<Page<Item>>;

  constructor(page: (cursor: string | null) => Promise<Page<Item>>) {
    super(() => page(null));
    this.#page = page;
  }

  /** Puts the next page behind what is there; rejects as the request does. */
  async more(): Promise<void> {
    const before = this.value;
    if (!before?.next_cursor) return;
    const next = await this.#page(before.next_cursor);
    if (this.value !== before) return;
    this.value = { items: [...before.items, ...next.items], next_cursor: next.next_cursor };
  }
}
