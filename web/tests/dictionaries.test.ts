/** Every visible text of desk and widget exists in each language. */
import { describe, expect, it } from "vitest";

const LANGUAGES = ["en", "es", "pt"];
const files = import.meta.glob<Record<string, unknown>>("../{src,widget}/**/{es,en,pt}.ts", { eager: true });

/** The path of every text, which is a sentence or a function that makes one. */
function shape(value: unknown, path = ""): string[] {
  if (typeof value === "function") return [`${path}()`];
  if (value === null || typeof value !== "object") return [path];
  return Object.entries(value)
    .flatMap(([key, below]) => shape(below, `${path}.${key}`))
    .sort();
}

const folders = new Map<string, Map<string, string[]>>();
for (const [path, module] of Object.entries(files)) {
  const [, folder = "", language = ""] = /^(.*)\/(\w+)\.ts$/.exec(path) ?? [];
  const languages = folders.get(folder) ?? new Map<string, string[]>();
  // a dictionary's one export has the language's name in some, is the default in others
  languages.set(language, Object.values(module).flatMap((dictionary) => shape(dictionary)));
  folders.set(folder, languages);
}

describe.each([...folders])("%s", (_, languages) => {
  it("has every language", () => {
    expect([...languages.keys()].sort()).toEqual(LANGUAGES);
  });

  it.each(LANGUAGES)("says in %s what it says in the others", (language) => {
    expect(languages.get(language)).toEqual(languages.get("es"));
  });
});
