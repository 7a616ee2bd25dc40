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

beforeEach(async () => {
  written = [];
  vi.stubGlobal("fetch", (address: string, { method }: RequestInit) => {
    if (method === "GET") return Promise.resolve(Response.json({ items: [] }));
    written.push(address);
    return new Promise(() => undefined); // under way for as long as the test looks
  });
  await speak("es");
  await withWords("cases");
  await me.enter({ csrf: "token", agent: null, user: { id: "u1", role: "agent", language: "es" } } as Session);
});

afterEach(() => {
  vi.unstubAllGlobals();
});

test.each<[string, Component<never>, object]>([
  ["a gesture", Gestures as Component<never>, { matter: matter(), gestures: [] }],
  ["a task", Tasks as Component<never>, { matter: matter(), tasks: [] }],
  ["a new matter", MatterChoice as Component<never>, { conversation: conversation({ case_id: null }) }],
])("%s that is sent twice is written once", async (_, component, props) => {
  const shown = mount(component, { target: document.body, props: props as never });
  flushSync();
  document.querySelector<HTMLElement>("header button")?.click(); // where a form is opened first
  flushSync();
  const form = document.querySelector("form");
  const send = (): unknown => form?.dispatchEvent(new SubmitEvent("submit", { bubbles: true, cancelable: true }));
  send();
  send();
  await vi.waitFor(() => {
    expect(written).toHaveLength(1);
  });
  await new Promise((resolve) => setTimeout(resolve));
  expect(written).toHaveLength(1);
  await unmount(shown);
});
