import { expect, test } from "vitest";
import type { Task } from "../../api/shapes";
import { inOrder, listed, overdue } from "./tasks";

const NOW = Date.parse("2026-11-26T12:00:00Z");
const task = (id: string, over: Partial<Task> = {}): Task => ({
  id,
  case_id: "k1",
  place: null,
  kind: "follow_up",
  step_id: null,
  title: id,
  owner_id: "a1",
  due_at: null,
  state: "open",
  snoozed_until: null,
  until_reply: false,
  broken_at: null,
  done_at: null,
  done_by: null,
  created_by: null,
  version: 1,
  created_at: "2026-11-20T12:00:00Z",
  ...over,
});
const ids = (tasks: Task[]): string[] => tasks.map(({ id }) => id);

test("what is due first comes first, what has no date last, what is done after all", () => {
  const late = task("late", { due_at: "2026-11-25T12:00:00Z" });
  const soon = task("soon", { due_at: "2026-11-27T12:00:00Z" });
  const done = task("done", { state: "done", done_at: "2026-11-26T11:00:00Z" });
  expect(ids(inOrder([done, task("none"), soon, late]))).toEqual(["late", "soon", "none", "done"]);
  expect(overdue(late, NOW)).toBe(true);
  expect(overdue(soon, NOW)).toBe(false);
});

test("what is put off is not to do until its moment", () => {
  const all = [
    task("now"),
    task("later", { snoozed_until: "2026-11-26T13:00:00Z" }),
    task("back", { snoozed_until: "2026-11-26T11:00:00Z" }),
    task("reply", { until_reply: true }),
    task("nobodys", { owner_id: null }),
  ];
  const list = { whose: "mine", which: "open", agentId: "a1", now: NOW } as const;
  expect(ids(listed(all, list))).toEqual(["back", "now"]);
  expect(ids(listed(all, { ...list, which: "later" }))).toEqual(["later", "reply"]);
  expect(ids(listed(all, { ...list, whose: "nobodys" }))).toEqual(["nobodys"]);
  expect(ids(listed(all, { ...list, whose: "everybodys" }))).toHaveLength(3);
});
