import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { useCsrf } from "../../api/client";
import { speak, withWords } from "../../i18n/index.svelte";
import { toasts } from "../../ui/toasts.svelte";
import { marks } from "./marks.svelte";

let undone: string[] = [];
const item = { conversation_id: "c1", done: true, changed: true, conversation: null, problem: null };

beforeEach(async () => {
  undone = [];
  await speak("es");
  await withWords("views");
  useCsrf("token");
  vi.useFakeTimers();
  vi.stubGlobal("fetch", (address: string) => {
    if (address.endsWith("/undo")) undone.push(address);
    return Promise.resolve(Response.json({ id: "b1", items: [item] }));
  });
  marks.toggle("c1");
  await marks.run({ kind: "spam" });
});

afterEach(() => {
  vi.runAllTimers();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("what was done to several can be undone as long as its message offers it", () => {
  expect(marks.last).toBeDefined();
  vi.advanceTimersByTime(60_000);
  expect(marks.last).toBeUndefined();
});

test("undone by key, its message offers it no more", async () => {
  const { last = "" } = marks;
  await marks.undo(last);
  expect(undone).toHaveLength(1);
  expect(marks.last).toBeUndefined();
  expect(toasts.shown.filter(({ act }) => act)).toEqual([]);
});
