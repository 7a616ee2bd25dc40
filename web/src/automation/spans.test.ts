import { expect, test } from "vitest";
import { read, written } from "./spans";

test.each([
  ["", []],
  ["09:00-18:00", [["09:00", "18:00"]]],
  ["9-13, 14:30 – 18", [["09:00", "13:00"], ["14:30", "18:00"]]],
  ["22:00 a 06:00", [["22:00", "06:00"]]],
  ["9h - 18h30", [["09:00", "18:30"]]],
  ["00:00-24:00", [["00:00", "24:00"]]],
  ["mañana", [["mañana", ""]]],
])("%s is read", (said, spans) => {
  expect(read(said)).toEqual(spans);
});

test("what is written is read as it was", () => {
  const spans: [string, string][] = [["09:00", "13:00"], ["14:00", "18:00"]];
  expect(read(written(spans))).toEqual(spans);
  expect(written(undefined)).toBe("");
});
