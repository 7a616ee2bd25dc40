import { afterEach, describe, expect, test, vi } from "vitest";
import { joinTabs } from "./tabs";

type Work = () => Promise<void>;

function withLocks(request: (name: string, options: LockOptions, work: Work) => Promise<void>): void {
  Object.defineProperty(navigator, "locks", { value: { request }, configurable: true });
}

afterEach(() => {
  Reflect.deleteProperty(navigator, "locks");
  vi.unstubAllGlobals();
});

describe("work that one tab does at a time", () => {
  test("is done where the browser refuses locks, and once", async () => {
    withLocks(() => Promise.reject(new DOMException("The request was denied.", "SecurityError")));
    const work = vi.fn(() => Promise.resolve());
    await joinTabs("shop", () => undefined).alone("session", work);
    expect(work).toHaveBeenCalledTimes(1);
  });

  test("is not done again when it was the work that failed", async () => {
    withLocks((_name, _options, work) => work());
    const work = vi.fn(() => Promise.reject(new Error("broken")));
    await expect(joinTabs("shop", () => undefined).alone("session", work)).rejects.toThrow("broken");
    expect(work).toHaveBeenCalledTimes(1);
  });

  test("is not begun when it was given up while it waited its turn", async () => {
    const stop = new AbortController();
    withLocks(() => {
      stop.abort();
      return Promise.reject(new DOMException("given up", "AbortError"));
    });
    const work = vi.fn(() => Promise.resolve());
    await joinTabs("shop", () => undefined).alone("stream", work, stop.signal);
    expect(work).not.toHaveBeenCalled();
  });
});

test("where tabs cannot tell each other anything, each goes on alone", async () => {
  vi.stubGlobal("BroadcastChannel", function refuse() {
    throw new DOMException("The request was denied.", "SecurityError");
  });
  const tabs = joinTabs("shop", () => undefined);
  tabs.tell("nobody hears it");
  const work = vi.fn(() => Promise.resolve());
  await tabs.alone("session", work);
  expect(work).toHaveBeenCalledTimes(1);
  tabs.close();
});
