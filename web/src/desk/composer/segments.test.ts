import { expect, test } from "vitest";
import { segments } from "./segments";

test.each([
  ["", 0, 160, true],
  ["a".repeat(160), 1, 0, true],
  ["a".repeat(161), 2, 145, true],
  ["€".repeat(81), 2, 143, true],
  ["á".repeat(71), 2, 63, false],
  ["😀".repeat(36), 2, 61, false],
])("%j is sent in parts", (text, parts, left, small) => {
  expect(segments(text)).toEqual({ parts, left, small });
});
