import { expect, test } from "vitest";
import { duration, minutes, seconds } from "./durations";

test.each([
  [30, "1 min"],
  [45 * 60, "45 min"],
  [2 * 3600, "2 hr"],
  [86_400 + 4 * 3600 + 600, "1 day 4 hr"],
])("%i s", (length, said) => {
  expect(duration(length, "en")).toBe(said);
});

test.each([
  ["", null],
  ["  ", null],
  ["0", undefined],
  ["1h", undefined],
  ["dos días", undefined],
  ["1e999", undefined],
  ["15", 900],
  ["0,5", 30],
  ["x", undefined],
])("%s minutes are typed", (said, found) => {
  expect(seconds(said)).toBe(found);
});

test("what is kept is shown as it was typed", () => {
  expect(minutes(90)).toBe("1.5");
  expect(minutes(null)).toBe("");
});
