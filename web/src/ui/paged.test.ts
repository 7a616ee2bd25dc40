import { expect, test } from "vitest";
import { Paged } from "./paged.svelte";

/** Pages of two of what is there; answered when the test says so. */
class Server {
  items = ["a", "b", "c", "d", "e"];
  asked: (() => void)[] = [];

  page = (cursor: string | null): Promise<{ items: string[]; next_cursor: string | null }> => {
    const from = cursor === null ? 0 : this.items.findIndex((one) => one > cursor);
    const items = from === -1 ? [] : this.items.slice(from, from + 2);
    const next_cursor = this.items.length > from + 2 ? (items.at(-1) ?? null) : null;
    return new Promise((resolve) =>
      this.asked.push(() => {
        resolve({ items, next_cursor });
      }),
    );
  };

  async answer(): Promise<void> {
    while (this.asked.length) {
      this.asked.shift()?.();
      await new Promise((resolve) => setTimeout(resolve));
    }
  }
}

async function withTwoPages(server: Server): Promise<Paged<string>> {
  const list = new Paged(server.page);
  await server.answer();
  void list.more();
  await server.answer();
  expect(list.value?.items).toEqual(["a", "b", "c", "d"]);
  return list;
}

test("asked again, as much of it stays as was loaded, and it goes on behind that", async () => {
  const server = new Server();
  const list = await withTwoPages(server);
  server.items = ["b", "c", "d", "e", "f"];
  void list.again();
  await server.answer();
  expect(list.value?.items).toEqual(["b", "c", "d", "e"]);
  void list.more();
  await server.answer();
  expect(list.value).toEqual({ items: ["b", "c", "d", "e", "f"], next_cursor: null });
});

test("more that is asked for while the list is asked again comes all the same", async () => {
  const server = new Server();
  const list = new Paged(server.page);
  await server.answer();
  server.items = ["b", "c", "d", "e"];
  void list.again();
  void list.more();
  await server.answer();
  expect(list.value?.items).toEqual(["b", "c", "d", "e"]);
});

test("something else begins with its first page", async () => {
  const server = new Server();
  const list = await withTwoPages(server);
  server.items = ["x", "y", "z"];
  void list.more();
  void list.anew();
  await server.answer();
  expect(list.value?.items).toEqual(["x", "y"]);
  void list.again();
  await server.answer();
  expect(list.value?.items).toEqual(["x", "y"]);
});
