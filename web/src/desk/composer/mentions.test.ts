import { expect, test } from "vitest";
import { called, mentioned, suggested } from "./mentions";

const agent = (id: string, name: string, active = true) => ({ id, name, active });
const AGENTS = [agent("a", "Ana"), agent("r", "Ana Ruiz"), agent("j", "Martín Ávila"), agent("x", "Ángel", false)];

test.each([
  ["@", 1, { from: 0, written: "" }],
  ["hola @an", 8, { from: 5, written: "an" }],
  ["(@Ana Ru", 8, { from: 1, written: "Ana Ru" }],
  ["ana@example", 11, null],
  ["@Ana Ruiz mire", 14, null],
])("%j at %i", (text, at, expected) => {
  expect(called(text, at)).toEqual(expected);
});

test("any word of a name, without accents; who is gone is not offered", () => {
  expect(suggested("avi", AGENTS).map(({ id }) => id)).toEqual(["j"]);
  expect(suggested("an", AGENTS).map(({ id }) => id)).toEqual(["a", "r"]);
});

test("whole names are called, the longer one first", () => {
  expect(mentioned("@Ana Ruiz, ¿lo mira?", AGENTS)).toEqual(["r"]);
  expect(mentioned("@Ana y @Ana Ruiz", AGENTS)).toEqual(["r", "a"]);
  expect(mentioned("Ana Ruiz @Ángel", AGENTS)).toEqual([]);
});
