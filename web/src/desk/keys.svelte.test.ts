import { flushSync } from "svelte";
import { expect, test, vi } from "vitest";
import { listenToKeys, onKeys } from "./keys.svelte";

const press = (key: string): boolean => dispatchEvent(new KeyboardEvent("keydown", { key, cancelable: true }));

test("a key that two offer belongs to the later one, as long as that has something to do", () => {
  const [snooze, undo] = [vi.fn(), vi.fn()];
  let leaving = $state(false);
  const stop = listenToKeys();
  const end = $effect.root(() => {
    onKeys({ z: snooze });
    onKeys({ z: undo }, () => leaving);
  });
  flushSync();
  press("z");
  expect([snooze.mock.calls.length, undo.mock.calls.length]).toEqual([1, 0]);

  leaving = true;
  flushSync();
  press("z");
  expect([snooze.mock.calls.length, undo.mock.calls.length]).toEqual([1, 1]);

  end();
  expect(press("z")).toBe(true); // nobody took it
  expect([snooze.mock.calls.length, undo.mock.calls.length]).toEqual([1, 1]);
  stop();
});

test("Escape leaves a field before it leaves the screen; a box to tick takes no text", () => {
  const leave = vi.fn();
  const stop = listenToKeys();
  const end = $effect.root(() => {
    onKeys({ Escape: leave });
  });
  flushSync();
  const field = document.body.appendChild(document.createElement("textarea"));
  const box = document.body.appendChild(document.createElement("input"));
  box.type = "checkbox";
  const escape = (): void => {
    document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
  };

  field.focus();
  field.value = "Con factura";
  escape();
  expect([document.activeElement, field.value, leave.mock.calls.length]).toEqual([document.body, "Con factura", 0]);
  escape();
  expect(leave).toHaveBeenCalledTimes(1);

  box.focus();
  escape();
  expect(leave).toHaveBeenCalledTimes(2);

  field.remove();
  box.remove();
  end();
  stop();
});
