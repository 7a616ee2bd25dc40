import { expect, test } from "vitest";
import { goOn, needed, STEP } from "./stretch";

test.each([
  ["nothing is open", STEP, -1, STEP],
  ["the first row", STEP, 0, STEP],
  ["a row near the end", STEP, STEP - 10, 2 * STEP],
  ["a row far behind it", STEP, 5 * STEP, 6 * STEP],
  ["back at the beginning of a long stretch", 4 * STEP, 3, STEP],
])("%s", (_, length, at, expected) => {
  expect(needed(length, at)).toBe(expected);
});

test("what is open is always there, with rows behind it", () => {
  for (let at = 0; at < 500; at += 1) {
    const length = needed(STEP, at);
    expect(length).toBeGreaterThan(at + STEP / 2);
    expect(length).toBeLessThanOrEqual(at + 2 * STEP);
  }
});

const OPENED = { at: 3, kind: "answer" };
test.each([
  ["nothing is open", -1, undefined, 1, 0],
  ["on from an open row", 3, "answer", 1, 4],
  ["back from it", 3, "answer", -1, 2],
  ["one that others pushed down", 5, "answer", 1, 6],
  ["one that was answered and sank: on where it was", 40, "none", 1, 3],
  ["and back from there", 40, "none", -1, 2],
  ["one that hurts more now and rose", 0, "reply-late", 1, 1],
] as const)("%s", (_, at, kind, by, expected) => {
  expect(goOn(at, kind, OPENED, by)).toBe(expected);
});
