import { expect, test } from "vitest";
import { day } from "./day";

test("a day is the same day wherever it is read", () => {
  expect(day("2027-08-14", "en")).toBe("Aug 14, 2027");
  expect(day("2027-08-14", "pt")).toContain("14");
  expect(day("2027-08-14T10:00:00Z", "en")).toBeUndefined();
});
