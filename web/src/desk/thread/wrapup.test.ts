import { mount, unmount } from "svelte";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { me } from "../../access/session.svelte";
import type { Session } from "../../api/session";
import { speak, withWords } from "../../i18n/index.svelte";
import { conversation } from "../../testing/entities";
import WrapUp from "./WrapUp.svelte";

/** What waits for its answer, by the end of its address. */
let asked: Record<string, (body: unknown) => void> = {};
const endings = [{ id: "d1", code: "solved", names: { es: "Quedó resuelto" }, active: true }];

beforeEach(async () => {
  asked = {};
  await speak("es");
  await withWords("wrapup");
  await me.enter({ csrf: "token", agent: null, user: { id: "u1", role: "agent", language: "es" } } as Session);
  vi.stubGlobal(
    "fetch",
    (address: string) =>
      new Promise((resolve) => {
        asked[address.split("/").at(-1) ?? ""] = (body) => {
          resolve(Response.json(body));
        };
      }),
  );
});

afterEach(() => {
  vi.unstubAllGlobals();
});

test("the field is there once it is known which it is, and has the focus that waited for it", async () => {
  const shown = mount(WrapUp, {
    target: document.body,
    props: { conversation: conversation(), onclose: () => undefined },
  });
  const dialog = (): HTMLElement | null => document.querySelector("[role=dialog]");
  await vi.waitFor(() => {
    expect(document.activeElement).toBe(dialog());
  }, 20_000);
  expect(dialog()?.querySelector("input, select")).toBeNull();
  asked["dispositions"]?.({ items: endings });
  await new Promise((resolve) => setTimeout(resolve));
  expect(dialog()?.querySelector("input, select")).toBeNull(); // what was said so far is not there yet
  asked["ending"]?.({ required: true, disposition: "solved" });
  await vi.waitFor(() => {
    expect(document.activeElement).toBe(dialog()?.querySelector("select"));
  }, 20_000);
  expect(dialog()?.querySelector("select")?.value).toBe("solved");
  await unmount(shown);
});
