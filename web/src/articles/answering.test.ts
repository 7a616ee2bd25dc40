import { expect, test } from "vitest";
import { asAnswer } from "./answering";

const shown = { title: "Devolver un producto", language: "es", slug: "devolver", passage: " Tiene 30 días. " };
const ORIGIN = "https://tienda.example";

test("the passage goes first, then where the rest is", () => {
  expect(asAnswer(shown, ORIGIN)).toBe(
    "Tiene 30 días.\n\nDevolver un producto: https://tienda.example/help/es/articles/devolver",
  );
});

test("where the title alone matched there is only the place", () => {
  expect(asAnswer({ ...shown, passage: "" }, ORIGIN)).toBe(
    "Devolver un producto: https://tienda.example/help/es/articles/devolver",
  );
});
