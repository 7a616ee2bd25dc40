import { expect, test } from "vitest";
import { localTime } from "./zone";

test("the hour of a zone, by the name of its city", () => {
  const noon = Date.parse("2026-11-23T12:00:00Z");
  expect(localTime(noon, "America/Argentina/Buenos_Aires", "es")).toEqual({
    clock: "09:00",
    place: "Buenos Aires",
  });
});

test("a zone that nobody knows says nothing", () => {
  expect(localTime(0, "Mars/Olympus", "es")).toBeUndefined();
});
