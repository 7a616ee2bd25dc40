import { afterEach, expect, test, vi } from "vitest";
import { Listeners } from "./hear";

const told = vi.fn();

afterEach(() => {
  vi.unstubAllGlobals();
  told.mockReset();
});

test("what one listener throws is told to the page, and keeps nothing from the others", () => {
  vi.stubGlobal("reportError", told);
  const heard: string[] = [];
  const listeners = new Listeners<string>();
  const mistake = new ReferenceError("gtag is not defined");
  listeners.add(() => { throw mistake; });
  listeners.add((event) => heard.push(event));
  listeners.tell("sent");
  expect(heard).toEqual(["sent"]);
  expect(told.mock.calls).toEqual([[mistake]]);
});

test("who begins to listen meanwhile hears the next one", () => {
  const heard: string[] = [];
  const listeners = new Listeners<string>();
  listeners.add((event) => { if (event === "first") listeners.add((later) => heard.push(later)); });
  listeners.tell("first");
  listeners.tell("second");
  expect(heard).toEqual(["second"]);
});
