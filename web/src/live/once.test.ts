import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { once } from "./once.svelte";

const left: (() => void)[] = [];
vi.mock("svelte", async (original) => ({
  ...(await original<typeof import("svelte")>()),
  onDestroy: (leave: () => void) => left.push(leave),
}));

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  left.splice(0).forEach((leave) => {
    leave();
  });
  vi.useRealTimers();
});

test("who shows the same shares it while one of them is there", () => {
  const make = vi.fn(() => ({}));
  const first = once("same", make);
  expect(once("same", make)).toBe(first);
  expect(once("another", make)).not.toBe(first);
  left.shift()?.();
  expect(once("same", make)).toBe(first);
  left.splice(0).forEach((leave) => {
    leave();
  });
  expect(once("same", make)).not.toBe(first);
});

test("what is the same everywhere is taken up again for a while, also by who comes after the last", () => {
  const make = vi.fn(() => ({}));
  const first = once("kept", make, 1_000);
  left.shift()?.();
  vi.advanceTimersByTime(999);
  expect(once("kept", make, 1_000)).toBe(first);
  vi.advanceTimersByTime(1);
  expect(once("kept", make, 1_000)).toBe(first); // somebody shows it still
  left.splice(0).forEach((leave) => {
    leave();
  });
  expect(once("kept", make, 1_000)).not.toBe(first);
  expect(make).toHaveBeenCalledTimes(2);
});
