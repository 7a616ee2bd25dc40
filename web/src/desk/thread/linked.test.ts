import { expect, test } from "vitest";
import { linked } from "./linked";

test.each([
  "sin enlaces",
  "vea https://tienda.example/pedido?id=3 y responda a ana@tienda.example.",
  "(https://a.example/b)",
  "javascript:alert(1) data:text/html,x",
  "",
])("the pieces of %j join to the same text", (text) => {
  expect(
    linked(text)
      .map((piece) => piece.text)
      .join(""),
  ).toBe(text);
});

test("addresses end before the punctuation of the sentence", () => {
  const links = linked("Mire (https://a.example/b). O escriba a ana@a.example, por favor.")
    .map((piece) => piece.href)
    .filter(Boolean);
  expect(links).toEqual(["https://a.example/b", "mailto:ana@a.example"]);
});

test("nothing but web and mail addresses becomes a link", () => {
  expect(linked("javascript:alert(1) data:text/html,x file:///etc").every((piece) => !piece.href)).toBe(true);
});
