import { expect, test } from "vitest";
import type { Conversation } from "../../api/shapes";
import { fromSnapshot, merge } from "../../live/state";
import { conversation } from "../../testing/entities";
import { belongs } from "./order";
import { countsOf, nextNew, shownCounts } from "./pages";

const many = (count: number, name: string, over: Partial<Conversation>): Conversation[] =>
  Array.from({ length: count }, (_, n) => conversation({ id: `${name}${n.toString()}`, ...over }));

const AT = "2026-11-23T14:00:00Z";
const spam = many(520, "spam", { spam: true });
const waiting = many(600, "waiting", { waiting_since: AT });
const answered = many(700, "answered", {});
/** As the server orders them: by the last message, the answered ones first. */
const all = [...spam, ...answered, ...waiting];
const snapshot = { position: 7, truncated: true, conversations: waiting };
const team = all.filter((one) => belongs(one, "team", "a1"));

const PAGE = 50;
const asked: (string | null)[] = [];
function ask(
  cursor: string | null,
): Promise<{ items: readonly Conversation[]; next_cursor: string | null }> {
  asked.push(cursor);
  const from = Number(cursor ?? 0);
  const next = from + PAGE < team.length ? (from + PAGE).toString() : null;
  return Promise.resolve({ items: team.slice(from, from + PAGE), next_cursor: next });
}

test("who waits is in the list however much else is open", () => {
  const state = fromSnapshot(snapshot);
  expect(countsOf(Object.values(state.conversations), "a1").waiting).toBe(600);
  expect(state.truncated).toBe(true);
});

test("the counts are the server's where the desk does not hold everything", () => {
  const own = countsOf(Object.values(fromSnapshot(snapshot).conversations), "a1");
  const served = { mine: 0, team: 1300, waiting: 600, trouble: 0 };
  expect(shownCounts(own, null).team).toBe(600);
  expect(shownCounts(own, served)).toEqual(served);
  expect(shownCounts({ ...own, waiting: 601 }, served).waiting).toBe(601);
});

test("a live tab goes on until the server has no more, page by page, and skips what is known", async () => {
  let state = fromSnapshot(snapshot);
  let cursor: string | null = null;
  let turns = 0;
  do {
    const before = Object.keys(state.conversations).length;
    cursor = await nextNew(
      ask,
      (id) => id in state.conversations,
      (page) => (state = merge(state, { conversations: page.items })),
      cursor,
    );
    turns += 1;
    const brought = Object.keys(state.conversations).length - before;
    if (cursor !== null) expect(brought).toBeGreaterThan(0);
  } while (cursor !== null);
  expect(countsOf(Object.values(state.conversations), "a1").team).toBe(1300);
  expect(turns).toBeLessThanOrEqual(15);
});

test("a snapshot after a gap forgets the trouble of what is closed", () => {
  const before = merge(fromSnapshot(snapshot), {
    conversation: conversation({ id: "old", status: "closed", trouble: "failed" }),
  });
  expect(fromSnapshot({ position: 9, conversations: [] }, before).conversations["old"]).toBeUndefined();
});
