import { afterEach, expect, test, vi } from "vitest";
import { get, post, until } from "./client";
import { Problem } from "./problem";

afterEach(() => {
  vi.unstubAllGlobals();
});

test("what was asked for is taken back by whoever leaves; what is done stays done", async () => {
  const sent: RequestInit[] = [];
  vi.stubGlobal("fetch", (_: string, init: RequestInit) => {
    sent.push(init);
    return new Promise((_resolve, reject) =>
      init.signal?.addEventListener("abort", () => {
        reject(new DOMException("left", "AbortError"));
      }),
    );
  });
  const left = new AbortController();
  const asked = until(left.signal, () => get("/conversations/c1/trail"));
  void until(left.signal, () => post("/conversations/c1/read", undefined, { anonymous: true }));
  void get("/tags");
  expect(sent.map(({ signal }) => signal)).toEqual([left.signal, undefined, undefined]);
  left.abort();
  await expect(asked).rejects.not.toBeInstanceOf(Problem);
});
