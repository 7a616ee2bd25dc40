import { expect, test } from "vitest";
import { inUnit, shortly, unitOf } from "./duration";

test("a length is shown in the largest unit that says it whole", () => {
  expect([0, 45, 60, 90, 3600, 5400].map(unitOf)).toEqual(["s", "s", "min", "s", "h", "min"]);
  expect(shortly(120, { s: "s", min: "min", h: "h" })).toBe("2 min");
});

test("what is typed becomes seconds, and nothing typed is none", () => {
  expect([inUnit(2, "min"), inUnit(1, "h"), inUnit(NaN, "s")]).toEqual([120, 3600, 0]);
});
