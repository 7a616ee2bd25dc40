import { expect, test } from "vitest";
import { day, linked, size, time } from "./format";

const NOW = new Date(2026, 10, 23, 15, 0);

test("today has a time only, another day its date too", () => {
  expect(time(new Date(2026, 10, 23, 9, 5).toISOString(), "es", NOW)).toMatch(/^9:05/);
  expect(time(new Date(2026, 10, 20, 9, 5).toISOString(), "es", NOW)).toMatch(/20 nov.*9:05/);
});

test("a day of this week is said by its name", () => {
  expect(day(new Date(2026, 10, 27).toISOString(), "es", NOW)).toBe("viernes");
  expect(day(new Date(2026, 11, 24).toISOString(), "es", NOW)).toBe("jueves, 24 de diciembre");
});

test("sizes read as people write them", () => {
  expect(size(10_000_000, "es")).toBe("10 MB");
  expect(size(2_400, "en")).toBe("2.4 kB");
  expect(size(43, "es")).toBe("43 B");
});

test("addresses become links, the sentence's own signs stay outside, markup stays text", () => {
  const links = (text: string) => linked(text).flatMap((part) => (typeof part === "string" ? [] : [part.values[0]]));
  expect(links("Vea https://ejemplo.com/a?b=1, por favor.")).toEqual(["https://ejemplo.com/a?b=1"]);
  expect(links("javascript:alert(1) <b>no</b>")).toEqual([]);
  expect(linked("<img src=x>")).toEqual(["<img src=x>"]);
});
