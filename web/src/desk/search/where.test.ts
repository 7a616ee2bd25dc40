import { expect, test } from "vitest";
import type { Hit } from "../../api/search";
import { placeOf, resultsOf, withWords } from "./where";

const hit = (values: Partial<Hit>): Hit => ({
  kind: "message",
  id: "m",
  title: [],
  snippet: [],
  at: "2026-11-26T12:00:00Z",
  number: null,
  status: null,
  channel: null,
  direction: null,
  contact_id: null,
  contact_name: "",
  conversation_id: "v",
  ...values,
});

test("each kind is read where it stands", () => {
  expect(placeOf(hit({}))).toBe("/c/v?m=m");
  expect(placeOf(hit({ kind: "case" }))).toBe("/c/v");
  expect(placeOf(hit({ kind: "article", id: "a", conversation_id: null }))).toBe("/articles/a");
  expect(placeOf(hit({ kind: "contact", conversation_id: null }))).toBeUndefined();
});

test("the page of results keeps what was typed", () => {
  expect(resultsOf(" a&b 50% ", "case")).toBe("/search?q=a%26b+50%25&kind=case");
});

test("a word is replaced however it was written", () => {
  expect(withWords("La HELDAÉRA rota", [{ typed: "heldaera", word: "heladera" }])).toBe("La heladera rota");
});
