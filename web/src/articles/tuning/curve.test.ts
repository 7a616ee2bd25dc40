import { expect, test } from "vitest";
import { drawingOf } from "../../ui/drawing";
import type { Curve } from "./api";
import { drawn, served } from "./curve";

const point = (threshold: number, answered: number, precision: number | null) => ({
  threshold,
  answered,
  answers: Math.round(answered * 100),
  precision,
  low: 0,
  high: 1,
});
const curve = (points: Curve["points"]): Curve => ({
  gate: "shipped",
  threshold: 0.5,
  samples: 100,
  right: 60,
  wrong: 40,
  by_readers: 100,
  enough: true,
  needed: 40,
  needed_of_each: 8,
  learned_from: null,
  learned_at: null,
  precision_wanted: null,
  points,
});

test("both lines and the threshold stand in their frame", () => {
  const { shapes } = drawingOf(drawn(curve([point(0, 1, 0.6), point(0.5, 0.7, 0.9), point(0.9, 0, null)])));
  expect(shapes.map((shape) => shape.attributes.points ?? shape.attributes.x1)).toEqual([
    "0,0 0,140 320,140",
    "160.0",
    "0.0,0.0 160.0,42.0 288.0,140.0",
    "0.0,56.0 160.0,14.0",
  ]);
});

test("without judged questions there is only the frame", () => {
  expect(drawingOf(drawn(curve([point(0, 0, null)]))).shapes).toHaveLength(2);
});

test("what serves is the point at the threshold", () => {
  expect(served(curve([point(0.45, 0.8, 0.8), point(0.5, 0.7, 0.9), point(0.55, 0.6, 1)]))?.precision).toBe(0.9);
  expect(served(curve([]))).toBeUndefined();
});
