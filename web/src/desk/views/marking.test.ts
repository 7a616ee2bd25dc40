import { expect, test } from "vitest";
import { between, toggled } from "./marking";

const rows = ["a", "b", "c", "d"];

test("a range is the same from both sides, and from nowhere only where one is", () => {
  expect(between(rows, "b", "d")).toEqual(["b", "c", "d"]);
  expect(between(rows, "d", "b")).toEqual(["b", "c", "d"]);
  expect(between(rows, undefined, "c")).toEqual(["c"]);
  expect(between(rows, "gone", "c")).toEqual(["c"]);
  expect(between(rows, "a", "gone")).toEqual([]);
});

test("a mark comes and goes, a range only adds", () => {
  expect([...toggled(new Set(["a"]), "b")]).toEqual(["a", "b"]);
  expect([...toggled(new Set(["a", "b"]), "b")]).toEqual(["a"]);
  expect([...toggled(new Set(["a"]), "c", ["a", "b", "c"])]).toEqual(["a", "b", "c"]);
});
