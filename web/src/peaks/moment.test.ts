import { expect, test } from "vitest";
import { localMoment } from "./moment";

test("an instant goes into the field and comes back the same, to the minute", () => {
  const at = "2026-11-27T15:30:00.000Z";
  expect(new Date(localMoment(at)).toISOString()).toBe(at);
  expect(localMoment(undefined)).toBe("");
});
