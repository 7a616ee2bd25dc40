/** The look of the page before stands at once; what the server says replaces it, and nothing strange gets in. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Options } from "../types";
import { dress, type Look, look, put } from "./look";

const options = { server: "https://trato.example/", account: "key" } as Options;
const gold: Partial<Look> = { accent: ["#866b01", "#ffd54f"], side: "start", phone: "1" };
const answers = (found: unknown) => vi.stubGlobal("fetch", vi.fn(() => Promise.resolve(Response.json(found))));
const fails = () => vi.stubGlobal("fetch", vi.fn(() => Promise.reject(new TypeError("offline"))));

beforeEach(() => { localStorage.clear(); });
afterEach(() => { vi.unstubAllGlobals(); });

test("what the server says is worn, and kept for the next page", async () => {
  answers(gold);
  await dress(options, () => undefined);
  expect(look()).toMatchObject({ ...gold, corners: "soft" });
  fails();
  const worn: (string | null)[] = [];
  await dress(options, () => { worn.push(look().phone); });
  expect(worn).toEqual(["1"]);
});

test("a server that is away, or knows no look, leaves the usual one", async () => {
  fails();
  await dress(options, () => undefined);
  expect(look().accent).toBeNull();
  vi.stubGlobal("fetch", vi.fn(() => Promise.resolve(new Response("", { status: 404 }))));
  await dress(options, () => undefined);
  expect(look().side).toBe("end");
});

test("it is put on by properties, and taken off again", () => {
  const host = document.createElement("div");
  put(host, { ...look(), ...gold } as Look);
  expect(host.style.getPropertyValue("--look-light")).toBe("#866b01");
  expect(host.style.getPropertyValue("--look-end")).toBe("auto");
  put(host, { ...look(), accent: ["red;background:url(https://evil.example)", "#ffd54f"], side: "end" });
  expect(host.style.getPropertyValue("--look-light")).toBe("");
  expect(host.style.getPropertyValue("--look-end")).toBe("");
});
