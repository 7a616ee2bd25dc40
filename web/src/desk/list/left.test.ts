import { expect, test } from "vitest";
import type { Clock } from "../../live/promises.svelte";
import { leftOf, sayLeft } from "./left";

const HOUR = 3_600_000;
const FRIDAY_5PM = Date.parse("2026-03-06T17:00:00Z");
const clock = (due: string | null, closed: [string, string][] = []): Clock => ({
  id: "1",
  policy_id: "p",
  target: "first_reply",
  conversation_id: "c",
  case_id: null,
  started_at: "2026-03-06T17:00:00Z",
  near_at: null,
  due_at: due,
  closed,
  left_s: null,
  state: "ok",
  settled_at: null,
  version: 1,
});
const weekend: [string, string] = ["2026-03-06T18:00:00Z", "2026-03-09T09:00:00Z"];

test("a house that never closes counts every hour", () => {
  expect(leftOf(clock("2026-03-06T21:00:00Z"), FRIDAY_5PM)).toEqual({ ms: 4 * HOUR, open: false });
  expect(leftOf(clock(null), FRIDAY_5PM)).toBeUndefined();
  expect(leftOf(undefined, FRIDAY_5PM)).toBeUndefined();
});

test("the weekend is not left, neither before it nor in the middle of it", () => {
  const one = clock("2026-03-09T12:00:00Z", [weekend]);
  expect(leftOf(one, FRIDAY_5PM)).toEqual({ ms: 4 * HOUR, open: true });
  expect(leftOf(one, Date.parse("2026-03-07T12:00:00Z"))).toEqual({ ms: 3 * HOUR, open: true });
  expect(leftOf(one, Date.parse("2026-03-09T10:00:00Z"))).toEqual({ ms: 2 * HOUR, open: false });
  expect(leftOf(one, Date.parse("2026-03-09T13:00:00Z"))).toEqual({ ms: -HOUR, open: false });
});

test("before the first of very many nights nobody counts hours", () => {
  const nights = Array.from({ length: 30 }, (_, day): [string, string] => {
    const from = Date.parse("2026-04-01T18:00:00Z") + day * 24 * HOUR;
    return [new Date(from).toISOString(), new Date(from + 15 * HOUR).toISOString()];
  });
  expect(leftOf(clock("2026-05-02T12:00:00Z", nights), FRIDAY_5PM)).toBeUndefined();
  expect(leftOf(clock("2026-05-02T12:00:00Z", nights), Date.parse("2026-04-01T18:00:00Z"))?.open).toBe(true);
});

test("open time is told as such, and in hours however much it is", () => {
  const open = (time: string): string => `${time} open`;
  expect(sayLeft({ ms: 3 * HOUR, open: true }, open)).toBe("3 h open");
  expect(sayLeft({ ms: 60 * HOUR, open: true }, open)).toBe("60 h open");
  expect(sayLeft({ ms: 60 * HOUR, open: false }, open)).toBe("2 d");
});
