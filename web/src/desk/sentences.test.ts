import { expect, test } from "vitest";
import { tellAll } from "./sentences";

const strings = { sentences: { refused: "{host} rechaza la conexión.", slow: "Va lento." } };
const common = { unexpected: (error: string) => `Algo inesperado: ${error}` };
const tell = (...sentences: { code: string; values: Record<string, string> }[]): string =>
  tellAll(sentences, strings, common, "refused");

test("a sentence is told in the words of its connector, with what varies in its places", () => {
  expect(tell({ code: "refused", values: { host: "mx.ejemplo.com" } })).toBe(
    "mx.ejemplo.com rechaza la conexión.",
  );
});

test("several sentences are told after each other", () => {
  expect(tell({ code: "refused", values: { host: "{host}$&" } }, { code: "slow", values: {} })).toBe(
    "{host}$& rechaza la conexión. Va lento.",
  );
});

test("what nobody foresaw is said to be so", () => {
  expect(tell({ code: "unexpected", values: { error: "TypeError" } })).toBe("Algo inesperado: TypeError");
});

test("without words for one of them, what the server says in English stands", () => {
  expect(tell()).toBe("refused");
  expect(tell({ code: "slow", values: {} }, { code: "new", values: {} })).toBe("refused");
});
