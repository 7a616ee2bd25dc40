import { expect, test } from "vitest";
import { endOf, withDay, withTime } from "./hours";

test.each([
  [["09:00", "18:00"], "later"],
  [["22:00", "02:00"], "next"],
  [["18:00", "00:00"], "next"],
  [["18:00", "24:00"], "later"],
  [["09:00", "09:00"], "same"],
] as [[string, string], string][])("%s ends %s", (span, where) => {
  expect(endOf(span)).toBe(where);
});

test("a change of one day leaves the others, and its further spans", () => {
  const hours = { mon: [["09:00", "12:00"], ["14:00", "18:00"]] as [string, string][], sun: [] };
  expect(withTime(hours, "mon", 0, "08:00").mon).toEqual([["08:00", "12:00"], ["14:00", "18:00"]]);
  expect(withDay(hours, "mon", false)).toEqual({ sun: [] });
  expect(withDay({}, "fri", true)).toEqual({ fri: [["09:00", "18:00"]] });
});
