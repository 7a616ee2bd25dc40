import { expect, test } from "vitest";
import { heard, stillRunning, type Clock } from "./promises.svelte";

const clock = (id: string, version: number, changes: Partial<Clock> = {}): Clock => ({
  id,
  policy_id: "p",
  target: "first_reply",
  conversation_id: "c",
  case_id: null,
  started_at: "2026-03-02T10:00:00Z",
  near_at: null,
  due_at: "2026-03-02T11:00:00Z",
  closed: [],
  left_s: null,
  state: "ok",
  settled_at: null,
  version,
  ...changes,
});
const over = { settled_at: "2026-03-02T10:30:00Z", state: "met" } as const;

test("the newest of a conversation stands, and one that is over goes", () => {
  const first = heard({}, clock("1", 2));
  expect(first.c?.version).toBe(2);
  expect(heard(first, clock("1", 1))).toBe(first);
  expect(heard(first, clock("1", 3, over))).toEqual({});
});

test("the end of a former one does not take away the next", () => {
  const next = heard({}, clock("2", 1));
  expect(heard(next, clock("1", 9, over))).toBe(next);
});

test("what ended unheard goes once all that run were asked for; what was heard meanwhile stays", () => {
  const [ended, runs] = [clock("1", 4), clock("2", 1, { conversation_id: "d" })];
  const before = { c: ended, d: runs };
  expect(stillRunning(before, before, { d: runs })).toEqual({ d: runs });
  const changed = clock("1", 5);
  expect(stillRunning({ c: changed, d: runs }, before, { d: runs })).toEqual({ c: changed, d: runs });
  const begun = clock("3", 1);
  expect(stillRunning({ c: begun, d: runs }, before, { d: runs })).toEqual({ c: begun, d: runs });
});
