import { expect, test } from "vitest";
import type { TrailStep } from "../../api/trail";
import { blocks } from "./blocks";

const at = (minute: number): string => new Date(2026, 10, 26, 9, minute).toISOString();
const step = (id: string, minute: number): TrailStep => ({
  id,
  kind: "search",
  text: id,
  outcome: "unknown",
  reason: null,
  page: "",
  at: at(minute),
  article: null,
});
const read = (steps: TrailStep[], ...minutes: number[]): string[] =>
  blocks(
    steps,
    minutes.map((minute) => Date.parse(at(minute))),
  ).map((one) => (one.steps ?? []).map(({ id }) => id).join(" "));

test("what was done before the first message stands together", () => {
  expect(read([step("a", 1), step("b", 2)], 3, 4)).toEqual(["a b"]);
});

test("what was done between two messages stands between them", () => {
  expect(read([step("a", 1), step("b", 5), step("c", 6), step("d", 9)], 3, 8)).toEqual(["a", "b c", "d"]);
});

test("a stretch stands where it began", () => {
  const [one] = blocks([step("a", 1), step("b", 2)], []);
  expect(one?.at).toBe(Date.parse(at(1)));
});

test("nothing done alone is no stretch", () => {
  expect(blocks([], [1])).toEqual([]);
});
