import { expect, test } from "vitest";
import { languageOf, loadStrings } from "./index";

const named = (words: object): string[] =>
  Object.entries(words).flatMap(([name, value]: [string, unknown]) =>
    typeof value === "object" && value !== null ? named(value).map((inner) => `${name}.${inner}`) : [name],
  );

test.each([
  ["es-AR", "es"],
  ["pt-BR", "pt"],
  ["EN_us", "en"],
  ["de", "es"],
  ["", "es"],
])("%s is served in %s", (tag, language) => {
  expect(languageOf(tag)).toBe(language);
});

test.each(["en", "pt"])("%s has every word that Spanish has, and none is left in Spanish", async (language) => {
  const [ours, spanish] = [await loadStrings(language), await loadStrings("es")];
  expect(named(ours)).toEqual(named(spanish));
  expect(ours.askPreference).not.toBe(spanish.askPreference);
});
