import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Stay } from "./stay";

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); });

function made(): [HTMLElement, Stay] {
  const element = document.createElement("div");
  return [element, new Stay(element)];
}

test("it comes back once the page is done, into the body that is there then", () => {
  const [element, stay] = made();
  stay.soon(0);
  expect(element.isConnected).toBe(false);
  vi.runAllTimers();
  expect(element.parentNode).toBe(document.body);
  element.remove();
});

test("what was only moved stays where it was moved to", () => {
  const [element, stay] = made();
  const place = document.createElement("main");
  document.body.append(place);
  stay.soon(0);
  place.append(element);
  vi.runAllTimers();
  expect(element.parentNode).toBe(place);
  place.remove();
});

test("a page that takes it out again and again is not fought, and has it back when it asks", () => {
  const [element, stay] = made();
  for (let at = 0; at < 12; at += 1) {
    element.remove();
    stay.soon(at);
    vi.runAllTimers();
  }
  expect(element.isConnected).toBe(false);
  stay.now();
  expect(element.isConnected).toBe(true);
  element.remove();
  stay.soon(20_000);
  vi.runAllTimers();
  expect(element.isConnected).toBe(true);
});
