/** Every text exists in es, en and pt, with the same keys and the same arguments. */
import { describe, expect, test } from "vitest";
import { isLanguage, LANGUAGES, preferred } from "./languages";

const files = import.meta.glob<{ default: object }>("./*/*.ts", { eager: true });
const parts = [...new Set(Object.keys(files).map((path) => path.split("/")[1] ?? ""))];

/** Every text by its path, such as `composer.send`. */
function texts(dictionary: object, prefix = ""): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(dictionary).flatMap(([key, value]: [string, unknown]) =>
      typeof value === "object" && value !== null
        ? Object.entries(texts(value, `${prefix}${key}.`))
        : [[prefix + key, value]],
    ),
  );
}

const of = (part: string, language: string): Record<string, unknown> =>
  texts(files[`./${part}/${language}.ts`]?.default ?? {});
const shape = (dictionary: Record<string, unknown>): Record<string, number> =>
  Object.fromEntries(
    Object.entries(dictionary).map(([key, value]) => [key, typeof value === "function" ? value.length : -1]),
  );
/** A text as it is read, functions with an example. */
const read = (value: unknown): string => {
  if (typeof value !== "function") return String(value);
  const example: unknown = Reflect.apply(value, undefined, ["Ana", "Ana", "Ana", "Ana"]);
  return String(example);
};

test("the parts are known", () => {
  expect(parts.sort()).toEqual([
    "access",
    "account",
    "admin",
    "alerts",
    "appearance",
    "articles",
    "audit",
    "automation",
    "beside",
    "broken",
    "cases",
    "common",
    "composing",
    "desk",
    "gaps",
    "guide",
    "incidents",
    "notices",
    "privacy",
    "queues",
    "search",
    "setup",
    "storefront",
    "thread",
    "together",
    "trail",
    "views",
    "waiting",
    "wrapup",
  ]);
});

describe.each(parts)("%s", (part) => {
  test.each(["en", "pt"])("has the same keys in %s as in es", (language) => {
    expect(shape(of(part, language))).toEqual(shape(of(part, "es")));
  });

  test.each(LANGUAGES)("leaves nothing empty in %s and shouts nowhere", (language) => {
    for (const [key, value] of Object.entries(of(part, language))) {
      expect(read(value).trim(), key).not.toBe("");
      expect(read(value), key).not.toMatch(/[!¡]/);
    }
  });

  test("speaks with usted in Spanish", () => {
    const informal =
      /(?<!\p{L})(tú|tus?|vos|ti|contigo|puedes|podés|quieres|querés|tienes|tenés|haz|hacé)(?!\p{L})/iu;
    for (const [key, value] of Object.entries(of(part, "es"))) {
      if (!/\btone(s|Options)\./.test(key)) expect(read(value), key).not.toMatch(informal);
    }
  });
});

test("the browser's wishes choose the language, Spanish otherwise", () => {
  expect(preferred(["fr-CA", "pt-BR", "en"])).toBe("pt");
  expect(preferred(["de", "fr"])).toBe("es");
  expect(preferred(["es-419"])).toBe("es");
  expect(isLanguage("it")).toBe(false);
});
