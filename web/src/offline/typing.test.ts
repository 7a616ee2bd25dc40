import { afterEach, expect, test } from "vitest";
import { fromSnapshot } from "../live/state";
import { message } from "../testing/entities";
import { trimmed } from "./known";
import { isTyping } from "./typing";

afterEach(() => {
  document.body.innerHTML = "";
});

test("nothing on the page: nothing is typed", () => {
  document.body.innerHTML = `<input value="was there"><textarea></textarea><input type="checkbox">`;
  expect(isTyping(document)).toBe(false);
});

test("text in an area, a changed field, an editor and an open dialog all hold a reload back", () => {
  document.body.innerHTML = "<textarea>Hola</textarea>";
  expect(isTyping(document)).toBe(true);
  document.body.innerHTML = `<input value="">`;
  const field = document.querySelector("input");
  if (field) field.value = "Ana";
  expect(isTyping(document)).toBe(true);
  document.body.innerHTML = `<div contenteditable="true">Hola</div>`;
  expect(isTyping(document)).toBe(true);
  document.body.innerHTML = `<div role="dialog"></div>`;
  expect(isTyping(document)).toBe(true);
});

test("of many messages the newest are known", () => {
  const messages = ["a", "b", "c"].map((id, day) =>
    message({ id, created_at: `2026-03-0${(day + 1).toString()}T10:00:00Z` }),
  );
  const state = fromSnapshot({ position: 1, messages });
  expect(Object.keys(trimmed(state, 2).messages).sort()).toEqual(["b", "c"]);
  expect(trimmed(state, 3)).toBe(state);
});
