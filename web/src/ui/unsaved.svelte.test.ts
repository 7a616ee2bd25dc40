import { flushSync } from "svelte";
import { afterEach, expect, test, vi } from "vitest";
import { Submission } from "./act.svelte";
import { hold, noting, unsaved } from "./unsaved.svelte";

let leave: (() => void) | undefined;
let changed = false;

/** A form on the page. */
function standing(more: { under?: string; once?: boolean } = {}): void {
  leave = $effect.root(() => {
    const discard = (): void => {
      changed = false;
    };
    hold({ changed: () => changed, discard, ...more }, null);
  });
  flushSync();
}

afterEach(() => {
  unsaved.stay();
  leave?.();
  changed = false;
  document.body.innerHTML = "";
});

test("what is not changed holds nobody up, and neither does what has gone", () => {
  const go = vi.fn();
  standing();
  expect(unsaved.holds("/tasks", go)).toBe(false);
  changed = true;
  leave?.();
  expect(unsaved.holds("/tasks", go)).toBe(false);
  unsaved.leave(go);
  expect(go).toHaveBeenCalledOnce();
  expect(unsaved.asked).toBeNull();
});

test("whoever stays keeps what was typed; whoever lets it go goes on, once", () => {
  const [go, stay] = [vi.fn(), vi.fn()];
  standing();
  changed = true;
  unsaved.leave(go, undefined, stay);
  expect(unsaved.asked).toBe("typed");
  unsaved.stay();
  expect([unsaved.asked, changed]).toEqual([null, true]);
  expect(stay).toHaveBeenCalledOnce();
  expect(unsaved.holds("/tasks", go)).toBe(true);
  unsaved.discard();
  expect([unsaved.asked, changed]).toEqual([null, false]);
  expect(go).toHaveBeenCalledOnce();
  expect(unsaved.holds("/tasks", go)).toBe(false);
});

test("where it stays on the page nothing is lost", () => {
  standing({ under: "/articles/7" });
  changed = true;
  expect(unsaved.holds("/articles/7/pt", vi.fn())).toBe(false);
  expect(unsaved.holds("/articles", vi.fn())).toBe(true);
});

test("what is shown once is asked about in other words", () => {
  standing({ once: true });
  changed = true;
  unsaved.leave(vi.fn());
  expect(unsaved.asked).toBe("once");
});

test("closing the page asks only while something would be lost", () => {
  const closing = (): boolean => {
    const event = new Event("beforeunload", { cancelable: true });
    dispatchEvent(event);
    return event.defaultPrevented;
  };
  standing();
  expect(closing()).toBe(false);
  changed = true;
  expect(closing()).toBe(true);
  leave?.();
  expect(closing()).toBe(false);
});

test("typing, choosing, and a button that changes the fields are changes; looking is none", async () => {
  document.body.innerHTML = `<form>
    <input><button type="button" id="look"></button><button type="button" id="add"></button></form>`;
  const form = document.querySelector("form");
  if (!form) throw new Error("no form");
  const noted = vi.fn();
  const done = noting(noted)(form);
  const press = async (id: string): Promise<void> => {
    document.getElementById(id)?.click();
    await new Promise((resolve) => setTimeout(resolve));
  };
  document.getElementById("add")?.addEventListener("click", () => form.append(document.createElement("input")));
  form.querySelector("input")?.focus();
  await press("look");
  expect(noted).not.toHaveBeenCalled();
  await press("add");
  expect(noted).toHaveBeenCalledOnce();
  form.querySelector("input")?.dispatchEvent(new Event("input", { bubbles: true }));
  expect(noted).toHaveBeenCalledTimes(2);
  if (done) done();
});

test("a form that was sent has no changes, but for those made meanwhile", async () => {
  const sending = new Submission();
  expect(sending.changed).toBe(false);
  sending.note();
  expect(sending.changed).toBe(true);
  await sending.run(() => Promise.reject(new Error("no")), () => "no");
  expect(sending.changed).toBe(true);
  await sending.run(() => Promise.resolve());
  expect(sending.changed).toBe(false);
  await sending.run(() => Promise.resolve(sending.note()));
  expect(sending.changed).toBe(true);
  sending.settle();
  expect(sending.changed).toBe(false);
});
