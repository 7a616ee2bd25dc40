import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Options } from "../types";

const options: Options = { server: "https://trato.example/", account: "shop", language: "es", theme: null, watch: false };
const failed = (address: string) => new TypeError(`Failed to fetch dynamically imported module: ${address}`);
const asked = vi.fn<() => Promise<Response>>();
let bring: typeof import("./bring").bring;

beforeEach(async () => {
  vi.resetModules(); // a page of its own
  const page = await import("./bring");
  page.bringFrom(options);
  ({ bring } = page);
  vi.useFakeTimers();
  vi.stubGlobal("fetch", asked);
  asked.mockReset().mockImplementation(() => Promise.resolve(Response.json({})));
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("nothing is imported while the server is away, and it is when it is back", async () => {
  const load = vi.fn(() => Promise.resolve("part"));
  asked.mockRejectedValueOnce(new TypeError("no network"));
  await expect(bring(load)).rejects.toThrow("no network");
  asked.mockResolvedValueOnce(new Response(null, { status: 502 })); // a proxy before a server that restarts
  await expect(bring(load)).rejects.toThrow();
  expect(load).not.toHaveBeenCalled();
  expect(await bring(load)).toBe("part");
});

test("a server that has just answered is not asked whether it is there", async () => {
  await bring(() => Promise.resolve(1));
  await bring(() => Promise.resolve(2));
  expect(asked).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(11_000);
  await bring(() => Promise.resolve(3));
  expect(asked).toHaveBeenCalledTimes(2);
});

test("what failed all the same is had under another address, once for each try", async () => {
  const address = "https://trato.example/widget/panel-abc.js";
  const others: string[] = [];
  const other = (from: string) => {
    others.push(from);
    return others.length === 1 ? Promise.reject(failed(from)) : Promise.resolve("part");
  };
  await expect(bring(() => Promise.reject(failed(address)), other)).rejects.toThrow("again=");
  expect(await bring(() => Promise.reject(failed(address)), other)).toBe("part");
  expect(new Set(others).size).toBe(2);
  expect(others.every((one) => one.startsWith(`${address}?again=`))).toBe(true);
});

test.each(["Importing a module script failed.", "of another site: https://elsewhere.example/a.js"])(
  "an address that is not told or not the server's is not fetched: %s",
  async (words) => {
    const other = vi.fn(() => Promise.resolve("part"));
    await expect(bring(() => Promise.reject(new TypeError(words)), other)).rejects.toThrow(words);
    expect(other).not.toHaveBeenCalled();
  },
);
