import { expect, test } from "vitest";
import { drawingOf } from "../../ui/drawing";
import { line, trend } from "./weeks";

test.each([
  [5, 0, "new"],
  [0, 0, "even"],
  [2, 1, "even"],
  [10, 5, "up"],
  [5, 10, "down"],
  [10, 9, "even"],
] as const)("%i after %i is %s", (volume, before, expected) => {
  expect(trend(volume, before)).toBe(expected);
});

test("the weeks are a line between bottom and top", () => {
  const { shapes } = drawingOf(line([0, 4, 2]));
  expect(shapes).toEqual([{ tag: "polyline", attributes: { points: "0.0,19.0 36.0,1.0 72.0,10.0" } }]);
  expect(line([0, 0])).toContain("0.0,19.0 72.0,19.0");
});
