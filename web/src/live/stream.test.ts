import { expect, test } from "vitest";
import { pauseMs } from "./stream";

test("pauses double, stay within 15 s and are spread", () => {
  expect([1, 2, 3].map((attempt) => pauseMs(attempt, 1))).toEqual([500, 1000, 2000]);
  expect(pauseMs(30, 1)).toBe(15_000);
  expect(pauseMs(3, 0)).toBe(1000);
});
