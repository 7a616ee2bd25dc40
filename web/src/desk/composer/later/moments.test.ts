import { expect, test } from "vitest";
import { clocksDiffer, momentAt, moments } from "./moments";

const at = (iso: string): Date => new Date(iso);

test("the hours are those of the person, not of the agent", () => {
  const found = moments(at("2026-11-26T12:00:00Z"), "America/Mexico_City"); // Thursday, 6:00 there
  expect(found.map(({ name, at }) => [name, at.toISOString()])).toEqual([
    ["afternoon", "2026-11-26T21:00:00.000Z"],
    ["evening", "2026-11-27T00:00:00.000Z"],
    ["tomorrow", "2026-11-27T15:00:00.000Z"],
    ["monday", "2026-11-30T15:00:00.000Z"],
  ]);
});

test("what is nearer than an hour is not offered, and on Sunday tomorrow is Monday", () => {
  const found = moments(at("2026-11-29T20:30:00Z"), "America/Argentina/Buenos_Aires"); // Sunday, 17:30
  expect(found.map(({ name }) => name)).toEqual(["tomorrow"]);
});

test.each([
  ["Europe/Madrid", { year: 2026, month: 3, day: 29, hour: 9, minute: 0 }, "2026-03-29T07:00:00.000Z"],
  ["Europe/Madrid", { year: 2026, month: 3, day: 28, hour: 9, minute: 0 }, "2026-03-28T08:00:00.000Z"],
  ["Asia/Kolkata", { year: 2026, month: 1, day: 1, hour: 0, minute: 15 }, "2025-12-31T18:45:00.000Z"],
])("a wall clock in %s is a moment, also around a change of the clocks", (zone, wall, iso) => {
  expect(momentAt(wall, zone).toISOString()).toBe(iso);
});

test("two zones with the same clock now are not told apart", () => {
  const now = at("2026-11-26T12:00:00Z");
  expect(clocksDiffer(now, "America/Sao_Paulo", "America/Argentina/Buenos_Aires")).toBe(false);
  expect(clocksDiffer(now, "America/Sao_Paulo", "America/Lima")).toBe(true);
});
