import { flushSync, mount, unmount, type Component } from "svelte";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { me } from "../../access/session.svelte";
import type { Session } from "../../api/session";
import { speak, withWords } from "../../i18n/index.svelte";
import { conversation, matter } from "../../testing/entities";
import MatterChoice from "../context/MatterChoice.svelte";
import Gestures from "./Gestures.svelte";
import Tasks from "./Tasks.svelte";

let written: string[] = [];
let keys: (string | null)[] = [];
let isDown = false;

beforeEach(async () => {
  [written, keys, isDown] = [[], [], false];
  vi.stubGlobal("fetch", (address: string, { method, headers }: RequestInit) => {
    if (method === "GET") return Promise.resolve(Response.json({ items: [] }));
    written.push(address);
    keys.push(new Headers(headers).get("Idempotency-Key"));
    if (isDown) return Promise.reject(new TypeError("no network"));
    return new Promise(() => undefined); // under way for as long as the test looks
  });
  await speak("es");
  await withWords("cases");
  await me.enter({ csrf: "token", agent: null, user: { id: "u1", role: "agent", language: "es" } } as Session);
});

afterEach(() => {
  vi.unstubAllGlobals();
});

function open(): void {
  flushSync();
  document.querySelector<HTMLElement>("header button")?.click(); // where a form is opened first
  flushSync();
}

/** Writes into the first field of the form, which of a gesture is its amount. */
function write(value: string): void {
  const first = document.querySelector<HTMLInputElement>("form input");
  if (first) first.value = value;
  first?.dispatchEvent(new Event("input", { bubbles: true }));
}

function send(): void {
  const submit = new SubmitEvent("submit", { bubbles: true, cancelable: true });
  document.querySelector("form")?.dispatchEvent(submit);
}

test.each<[string, Component<never>, object]>([
  ["a gesture", Gestures as Component<never>, { matter: matter(), gestures: [] }],
  ["a task", Tasks as Component<never>, { matter: matter(), tasks: [] }],
  ["a new matter", MatterChoice as Component<never>, { conversation: conversation({ case_id: null }) }],
])("%s that is sent twice is written once", async (_, component, props) => {
  const shown = mount(component, { target: document.body, props: props as never });
  open();
  write("10");
  send();
  send();
  await vi.waitFor(() => {
    expect(written).toHaveLength(1);
  }, 20_000);
  await new Promise((resolve) => setTimeout(resolve));
  expect(written).toHaveLength(1);
  await unmount(shown);
});

test("a gesture that is sent again because no answer came has the same key, another one its own", async () => {
  const shown = mount(Gestures, { target: document.body, props: { matter: matter(), gestures: [] } });
  open();
  write("10");
  isDown = true;
  const tried = async (times: number): Promise<void> => {
    send();
    await vi.waitFor(() => {
      flushSync();
      expect(keys).toHaveLength(times);
      expect(document.querySelector("form [type=submit]")?.getAttribute("aria-busy")).toBe("false");
    }, 20_000);
  };
  await tried(1);
  await tried(2);
  write("20");
  await tried(3);
  expect(keys[1]).toBe(keys[0]);
  expect(keys[2]).not.toBe(keys[0]);
  await unmount(shown);
});

test("an amount that can be read in two ways is sent by nobody, and the focus is where it stands", async () => {
  const shown = mount(Gestures, { target: document.body, props: { matter: matter(), gestures: [] } });
  open();
  write("1.500");
  send();
  const amount = document.querySelector<HTMLInputElement>("form input");
  await vi.waitFor(() => {
    flushSync();
    expect(amount?.getAttribute("aria-invalid")).toBe("true");
    expect(document.activeElement).toBe(amount);
  });
  expect(document.querySelector("[role=alert]")?.textContent).toContain("sin separador de miles");
  expect(written).toEqual([]);
  await unmount(shown);
});
