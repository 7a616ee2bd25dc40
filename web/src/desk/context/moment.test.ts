import { expect, test } from "vitest";
import { fromLocal, toLocal } from "./moment";

test.each(["2026-11-27T16:00:00.000Z", "2026-01-01T00:30:00.000Z"])("%s survives the field", (at) => {
  expect(fromLocal(toLocal(at))).toBe(at);
});

test("no moment is an empty field", () => {
  expect(toLocal(null)).toBe("");
  expect(fromLocal("")).toBeNull();
});
