import { expect, test } from "vitest";
import { snoozes } from "./snoozes";

const names = (now: Date): string[] => snoozes(now).map((choice) => choice.name);

test("every choice lies ahead, on every hour of a week", () => {
  for (let hour = 0; hour < 7 * 24; hour += 1) {
    const now = new Date(2026, 10, 23, hour, 30);
    for (const { until } of snoozes(now)) expect(until.getTime()).toBeGreaterThan(now.getTime());
  }
});

test("this afternoon is offered in the morning only", () => {
  expect(names(new Date(2026, 10, 23, 9))).toContain("afternoon");
  expect(names(new Date(2026, 10, 23, 15, 30))).not.toContain("afternoon");
});

test("on a Monday the next Monday is meant", () => {
  const monday = snoozes(new Date(2026, 10, 23, 10)).find((choice) => choice.name === "monday");
  expect(monday?.until).toEqual(new Date(2026, 10, 30, 9));
});
