/** Two tabs and what is written in them: nothing is sent twice, nothing is lost. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { openStorage } from "../chat/storage";
import { Draft, followed } from "./draft";

const KEY = "trato:shop:draft";
const drafts: Draft[] = [];

beforeEach(() => { localStorage.clear(); });
afterEach(() => { for (const draft of drafts.splice(0)) draft.rest(); });

function opened(): Draft {
  const draft = new Draft(openStorage("shop"), () => undefined);
  draft.follow();
  drafts.push(draft);
  return draft;
}

/** Another tab does something; this one hears of it, as a browser tells it. */
function elsewhere(work: () => void): void {
  const oldValue = localStorage.getItem(KEY);
  work();
  const newValue = localStorage.getItem(KEY);
  if (oldValue !== newValue) dispatchEvent(new StorageEvent("storage", { key: KEY, oldValue, newValue }));
}

const keep = (text: string | null) => { openStorage("shop").set("draft", text); };

test("what was sent in another tab is not here any more", () => {
  keep("mi pedido no llegó");
  const here = opened();
  expect(here.text).toBe("mi pedido no llegó");
  elsewhere(() => { keep(null); });
  expect(here.text).toBe("");
});

test("also when it was written here, and finished there", () => {
  const here = opened();
  here.write("mi pedido");
  elsewhere(() => { keep("mi pedido no llegó"); });
  expect(here.text).toBe("mi pedido no llegó");
  elsewhere(() => { keep(null); });
  expect(here.text).toBe("");
});

test("words of one's own win over others, and are kept when the page is left", () => {
  const here = opened();
  here.write("un texto largo que no se debe perder");
  elsewhere(() => { keep("z"); });
  expect(here.text).toBe("un texto largo que no se debe perder");
  elsewhere(() => { keep(null); });
  dispatchEvent(new Event("pagehide"));
  expect(opened().text).toBe("un texto largo que no se debe perder");
});

test("an emptied field takes off only what it had shown", () => {
  const here = opened();
  here.write("x");
  keep("un texto de otra pestaña"); // not heard of yet
  here.write("");
  expect(openStorage("shop").get("draft")).toBe("un texto de otra pestaña");
});

test("an empty field follows", () => {
  const here = opened();
  here.write("enviado");
  here.write("");
  elsewhere(() => { keep("sigue en otra"); });
  expect(here.text).toBe("sigue en otra");
});

test.each([
  ["hola", true, "hola", "hola!", "hola!"],
  ["hola", true, "hola", "ola", "ola"],
  ["hola", true, "hola", "", ""],
  ["hola", true, "hola", "otra cosa", "hola"],
  ["hola", true, "algo", "", "hola"],
  ["hola", false, "hola", "otra cosa", "otra cosa"],
])("%s (own: %s), %s became %s: %s", (mine, own, before, now, shown) => {
  expect(followed(mine, own, before, now)).toBe(shown);
});
