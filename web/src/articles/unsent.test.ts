import { afterEach, expect, test } from "vitest";
import { arrived, forgetUnsent, keepUnsent, send, unsentOf } from "./unsent";

const place = { user: "ana", article: "one", language: "es" };
const text = { title: "", summary: "", body: "Mucho texto", revision: 3, at: 1_000 };
const full = {
  getItem: () => null,
  setItem: () => {
    throw new DOMException("full", "QuotaExceededError");
  },
  removeItem: () => undefined,
} as unknown as Storage;

afterEach(() => {
  localStorage.clear();
});

test("a text is kept for one person, article and language, until it is let go", () => {
  keepUnsent(place, text);
  expect(unsentOf(place)).toEqual(text);
  expect(unsentOf({ ...place, user: "bea" })).toBeUndefined();
  expect(unsentOf({ ...place, article: "two" })).toBeUndefined();
  expect(unsentOf({ ...place, language: "pt" })).toBeUndefined();
  forgetUnsent(place);
  expect(unsentOf(place)).toBeUndefined();
});

test("where nothing can be stored it lasts as long as the page", () => {
  keepUnsent(place, text, full);
  expect(unsentOf(place, full)).toEqual(text);
  forgetUnsent(place, full);
  expect(unsentOf(place, full)).toBeUndefined();
});

test("what cannot be read is nothing", () => {
  for (const odd of ["", "{", "null", "[]", '{"body": 7}']) {
    localStorage.setItem("trato.article.ana.one.es", odd);
    expect(unsentOf(place)).toBeUndefined();
  }
});

test("whoever comes back waits for what is on its way", async () => {
  await arrived(place);
  const order: string[] = [];
  send(place, Promise.resolve().then(() => void order.push("there")));
  await arrived(place).then(() => order.push("opened"));
  expect(order).toEqual(["there", "opened"]);
});
