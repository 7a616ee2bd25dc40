import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { toasts } from "./toasts.svelte";

const undo = { label: "Deshacer", run: () => undefined };
const texts = () => toasts.shown.map((toast) => toast.text);

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.runAllTimers();
  vi.useRealTimers();
});

test("what is said twice stands once, for its whole time from the second", () => {
  toasts.say("Deshecho.");
  const first = toasts.shown[0]?.id;
  toasts.say("Guardado.");
  vi.advanceTimersByTime(4_000);
  toasts.say("Deshecho.");
  expect(texts()).toEqual(["Guardado.", "Deshecho."]);
  expect(toasts.shown[1]?.id).not.toBe(first);
  vi.advanceTimersByTime(4_000);
  expect(texts()).toEqual(["Deshecho."]);
  vi.advanceTimersByTime(1_000);
  expect(texts()).toEqual([]);
});

test("what can be undone stands as often as it was said", () => {
  toasts.say("Marcada como spam.", undo);
  toasts.say("Marcada como spam.", undo);
  toasts.say("Marcada como spam.");
  expect(toasts.shown.map((toast) => toast.act)).toEqual([undo, undo, undefined]);
});

test("a failure and a plain message with its words are two", () => {
  toasts.say("Sin conexión");
  toasts.fail("Sin conexión");
  toasts.fail("Sin conexión");
  expect(toasts.shown.map((toast) => toast.tone)).toEqual(["plain", "broken"]);
});

test("the oldest makes room for a fourth", () => {
  for (const text of ["a", "b", "c", "d"]) toasts.say(text);
  expect(texts()).toEqual(["b", "c", "d"]);
});

test("what somebody is at stays, and has its whole time again afterwards", () => {
  toasts.say("Guardado.");
  const id = toasts.say("Marcada como spam.", undo);
  toasts.hold();
  vi.advanceTimersByTime(60_000);
  expect(texts()).toEqual(["Guardado.", "Marcada como spam."]);
  toasts.goOn();
  vi.advanceTimersByTime(5_000);
  expect(texts()).toEqual(["Marcada como spam."]);
  toasts.hold();
  toasts.say("Otra cosa.");
  toasts.dismiss(id);
  vi.advanceTimersByTime(5_000);
  expect(texts()).toEqual([]);
});

test("whoever goes by Tab has time to come to what can be undone", () => {
  toasts.say("Guardado.");
  toasts.say("Marcada como spam.", undo);
  for (let times = 0; times < 3; times += 1) {
    vi.advanceTimersByTime(10_000);
    toasts.goOn(true);
  }
  expect(texts()).toEqual(["Marcada como spam."]);
});
