import { expect, test } from "vitest";
import { tomorrow } from "./moment";
import { figure } from "./sound";

test("tomorrow is the next morning, also over the end of a month and when the clocks change", () => {
  for (const now of [new Date(2026, 0, 31, 23, 59), new Date(2026, 2, 28, 0, 1), new Date(2026, 9, 24, 12)]) {
    const next = new Date(tomorrow(now.getTime()));
    expect([next.getHours(), next.getMinutes()]).toEqual([8, 0]);
    const days = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1);
    expect(next.toDateString()).toBe(days.toDateString());
  }
});

test("each kind has a figure of its own", () => {
  const kinds = ["mentioned", "offered", "assigned", "answered", "noted", "talked", "promise", "task", "approval", "consult"] as const;
  expect(new Set(kinds.map((kind) => figure(kind).join())).size).toBe(kinds.length);
});
