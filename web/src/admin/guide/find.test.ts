/** Every page of administration is found and explained, in each language; words are forgiven. */
import { describe, expect, test } from "vitest";
import { LANGUAGES } from "../../i18n/languages";
import { SECTIONS } from "../sections";
import { PLACES } from "./places";
import { type Findable, found } from "./find";

const files = import.meta.glob<{ default: Record<string, unknown> }>("../../i18n/*/*.ts", { eager: true });
const words = (part: string, language: string) => files[`../../i18n/${part}/${language}.ts`]?.default ?? {};

/** A text by its path, such as `admin.channels.snippet`. */
function text(path: string, language: string): unknown {
  const [part = "", ...keys] = path.split(".");
  return keys.reduce<unknown>(
    (value, key) => (typeof value === "object" && value ? Reflect.get(value, key) : undefined),
    words(part, language),
  );
}

function entries(language: string): Findable[] {
  return SECTIONS.flatMap(({ name, fields }) => {
    const path = `/admin/${name}`;
    const page = String(text(`admin.sections.${name}`, language));
    const other = text("guide.fields", language) as Record<string, string>;
    return [
      { id: name, path, title: page, words: String(text(`guide.pages.${name}.words`, language)) },
      ...fields.map((field) => ({ id: field, path, page, title: String(text(field, language)), words: other[field] ?? "" })),
    ];
  });
}

describe.each([...LANGUAGES])("%s", (language) => {
  test.each(SECTIONS.map(({ name }) => name))("%s has a title, help and other words", (name) => {
    expect(text(`admin.sections.${name}`, language)).toBeTypeOf("string");
    const help = text(`guide.pages.${name}`, language) as { what: string; cases: string[][]; words: string };
    expect(help.what.length).toBeGreaterThan(20);
    expect(help.cases.length).toBeGreaterThanOrEqual(2);
    for (const [asked = "", answer = ""] of help.cases) expect(asked.endsWith("?") && answer.endsWith(".")).toBe(true);
    expect(help.words.split(" ").length).toBeGreaterThan(3);
  });

  test("every field has its name and other words, and none is spoken of that is not there", () => {
    const fields = SECTIONS.flatMap((section) => section.fields);
    for (const field of fields) expect(text(field, language), field).toBeTypeOf("string");
    expect(Object.keys(text("guide.fields", language) as object).sort()).toEqual([...fields].sort());
  });

  test("what is outside administration has its name too", () => {
    expect(Object.keys(text("guide.places", language) as object).sort()).toEqual(PLACES.map(({ name }) => name).sort());
  });

  test("each page is found by its own title, first", () => {
    for (const { name } of SECTIONS) {
      const title = String(text(`admin.sections.${name}`, language));
      expect(found(entries(language), title)[0]?.path, title).toBe(`/admin/${name}`);
    }
  });
});

test.each([
  ["es", "firma", "/admin/organisation"],
  ["es", "horarios", "/admin/hours"],
  ["es", "correo", "/admin/channels"],
  ["es", "FERIADO", "/admin/hours"],
  ["es", "tipificacion", "/admin/labels"],
  ["es", "plantillas", "/admin/macros"],
  ["es", "color del botón", "/admin/appearance"],
  ["en", "e-mail", "/admin/channels"],
  ["en", "canned reply", "/admin/macros"],
  ["en", "dark mode", "/admin/appearance"],
  ["pt", "assinatura", "/admin/organisation"],
  ["pt", "expediente", "/admin/hours"],
  ["pt", "logotipo", "/admin/appearance"],
  ["pt", "férias", "/admin/hours"],
  ["pt", "senha", "/admin/users"],
] as const)("%s: “%s” leads to %s", (language, typed, path) => {
  expect(found(entries(language), typed)[0]?.path).toBe(path);
});

test("what nobody means finds nothing", () => {
  expect(found(entries("es"), "xyzzy")).toEqual([]);
  expect(found(entries("es"), "  ")).toEqual([]);
});
