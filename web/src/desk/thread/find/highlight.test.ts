import { expect, test } from "vitest";
import { places } from "./highlight";

const found = (text: string, ...words: string[]): string[] =>
  places(text, words).map(([begin, end]) => text.slice(begin, end));

test("words are found as they stand in the text, whatever their accents and capitals", () => {
  expect(found("¿Cuándo llega el CAMIÓN?", "camion")).toEqual(["CAMIÓN"]);
  expect(found("camion o camión", "camión")).toEqual(["camion", "camión"]);
  expect(found("el año que viene", "ano")).toEqual(["año"]);
  expect(found("aña aña", "a")).toEqual(["a", "a", "a", "a"]);
});

test("marks of their own, pictures and ligatures do not move what follows", () => {
  expect(found("cafe\u0301 con leche", "cafe", "leche")).toEqual(["cafe\u0301", "leche"]);
  expect(found("👍🏽 ﬁn del año", "ano")).toEqual(["año"]);
  expect(found("nada", "", "zzz")).toEqual([]);
});
