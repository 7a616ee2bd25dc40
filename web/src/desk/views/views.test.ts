import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { speak, withWords } from "../../i18n/index.svelte";
import { conversation } from "../../testing/entities";
import { inbox } from "../inbox.svelte";
import { views } from "./views.svelte";

const PAGE = 2;
/** What stands in the view at the server, in its order, and its version. */
let inside: string[] = [];
let version = 1;

function answer(address: string): object {
  const { pathname, searchParams } = new URL(address, location.origin);
  if (pathname.endsWith("/conversations")) {
    const cursor = searchParams.get("cursor");
    const from = cursor ? inside.indexOf(cursor) + 1 : 0;
    const ids = inside.slice(from, from + PAGE);
    const next = inside.length > from + PAGE ? ids.at(-1) : null;
    return { items: ids.map((id) => conversation({ id })), count: inside.length, next_cursor: next };
  }
  if (pathname.endsWith("/members")) {
    const asked = searchParams.getAll("conversation_id");
    return { members: asked.filter((id) => inside.includes(id)), count: inside.length };
  }
  return { id: "v1", name: "Vencidas", version };
}

const shown = (): string[] => [...(inbox.shown?.ids ?? [])].sort();

/** Lets what was asked be answered, but nothing that waits for a while. */
const answered = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

beforeEach(async () => {
  await speak("es");
  await withWords("views");
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
  vi.stubGlobal("fetch", (address: string) => Promise.resolve(Response.json(answer(address))));
  [inside, version] = [["a", "b", "c", "d", "e"], 1];
  views.show("v1");
  await answered();
  await inbox.shown?.fetch(true);
});

afterEach(() => {
  views.leave();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("further rows stay while the first are asked for anew, and go when they have left", async () => {
  expect(shown()).toEqual(["a", "b", "c", "d"]);
  inside = ["a", "n", "b", "d", "e"]; // time took c out and put n in
  views.again();
  await answered();
  expect(shown()).toEqual(["a", "b", "c", "d", "n"]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(shown()).toEqual(["a", "b", "d", "n"]);
  await inbox.shown?.fetch(true); // goes on from where it was
  expect(shown()).toEqual(["a", "b", "d", "e", "n"]);
  expect(inbox.shown?.hasMore).toBe(false);
});

test("past the end, what time put between is still to be had", async () => {
  await inbox.shown?.fetch(true);
  expect(inbox.shown?.hasMore).toBe(false);
  inside = ["a", "b", "c", "n", "d", "e"];
  views.again();
  await answered();
  expect(inbox.shown?.hasMore).toBe(true);
  await inbox.shown?.fetch(true);
  expect(shown()).toEqual(["a", "b", "c", "d", "e", "n"]);
});

test("with other conditions the view begins anew", async () => {
  [inside, version] = [["e"], 2];
  await inbox.shown?.fetch(false);
  await answered();
  expect(shown()).toEqual(["e"]);
});
