import { describe, expect, test } from "vitest";
import { backAt, dayMark, daysBetween, elapsed, fileSize, promised, shortDate, timeOfDay } from "./time";

const words = { today: "Hoy", yesterday: "Ayer" };
const now = new Date(2026, 10, 23, 14, 30);

describe("elapsed", () => {
  test.each([
    [-5_000, "0:00"],
    [42_000, "0:42"],
    [130_000, "2:10"],
    [599_999, "9:59"],
    [18 * 60_000, "18 min"],
    [3.9 * 3_600_000, "3 h"],
    [47 * 3_600_000, "47 h"],
    [49 * 3_600_000, "2 d"],
  ])("%d ms reads %s", (duration, read) => {
    expect(elapsed(duration)).toBe(read);
  });
});

describe("days", () => {
  test("count by the calendar, not by 24 hours", () => {
    expect(daysBetween(new Date(2026, 10, 22, 23, 59), new Date(2026, 10, 23, 0, 1))).toBe(1);
    expect(daysBetween(new Date(2026, 10, 23, 0, 1), new Date(2026, 10, 23, 23, 59))).toBe(0);
    expect(daysBetween(now, new Date(2026, 10, 20))).toBe(-3);
  });

  test("are named when near and dated when far", () => {
    expect(dayMark(new Date(2026, 10, 23, 1), now, "es", words)).toBe("Hoy");
    expect(dayMark(new Date(2026, 10, 22, 23), now, "es", words)).toBe("Ayer");
    expect(dayMark(new Date(2026, 10, 12), now, "es", words)).toBe("12 nov");
    expect(shortDate(new Date(2024, 10, 12), now, "es")).toBe("12 nov 2024");
    expect(shortDate(new Date(2024, 10, 12), now, "pt")).toBe("12 nov 2024");
  });
});

describe("a promise", () => {
  test("is an hour today, a weekday this week, a date beyond", () => {
    expect(promised(new Date(2026, 10, 23, 16, 0), now, "es")).toBe("16:00");
    expect(promised(new Date(2026, 10, 27, 16, 0), now, "es")).toBe("vie");
    expect(promised(new Date(2026, 11, 24), now, "es")).toBe("24 dic");
    expect(promised(new Date(2026, 10, 20), now, "es")).toBe("20 nov");
  });
});

test("midnight is 00 and not 24", () => {
  expect(timeOfDay(new Date(2026, 10, 23, 0, 5), "en")).toBe("00:05");
});

test("sizes are short", () => {
  expect(fileSize(840, "en")).toBe("840 B");
  expect(fileSize(3_400_000, "es")).toBe("3.4 MB");
});

test("what is put off comes back at an hour, on the days of a week ahead too", () => {
  expect(backAt(new Date(2026, 10, 23, 16), now, "es")).toBe("16:00");
  expect(backAt(new Date(2026, 10, 24, 9), now, "es")).toBe("mar 09:00");
  expect(backAt(new Date(2026, 11, 24, 9), now, "es")).toBe("24 dic");
});
