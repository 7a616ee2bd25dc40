import { expect, test } from "vitest";
import { turnAt } from "./calls";
import { lengthOf, moved } from "./player";

test("arrows step, pages leap, home and end go to the ends, and never beyond", () => {
  expect(["ArrowRight", "ArrowLeft", "PageUp", "PageDown", "Home", "End"].map((key) => moved(key, 20, 60))).toEqual([
    25, 15, 50, 0, 0, 60,
  ]);
  expect(moved("ArrowRight", 58, 60)).toBe(60);
  expect(moved("k", 20, 60)).toBeUndefined();
});

test("the length that was measured counts, else the one that was noted", () => {
  expect(lengthOf(12.5, 13)).toBe(12.5);
  expect(lengthOf(Infinity, 13)).toBe(13); // a recording that was written as it came says no length
  expect(lengthOf(NaN, undefined)).toBe(0);
});

test("the turn that is being said is the latest that has begun", () => {
  const turns = [
    { who: "contact", text: "Hola", at_s: 1 },
    { who: "Ana", text: "sin hora" },
    { who: "Ana", text: "Buenas", at_s: 4 },
  ];
  expect([0, 1, 3.9, 4, 99].map((at) => turnAt(turns, at))).toEqual([-1, 0, 0, 2, 2]);
});
