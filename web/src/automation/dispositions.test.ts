import { expect, test } from "vitest";
import type { Disposition } from "./api";
import { endings, offered } from "./dispositions";

const one = (code: string, names: Record<string, string>, active = true): Disposition => ({
  id: code,
  code,
  names,
  position: 0,
  active,
  version: 1,
  created_at: "2026-03-02T10:00:00Z",
});

test("without a list in use there is nothing to choose", () => {
  expect(endings(undefined, "es")).toEqual([]);
  expect(endings([one("old", { es: "Viejo" }, false)], "es")).toEqual([]);
});

test("the list is said in the reader's language where it can be", () => {
  const all = [one("solved", { es: "Resuelto", en: "Solved" }), one("gone", { es: "Se fue" })];
  expect(endings(all, "en")).toEqual([
    { value: "", label: "—" },
    { value: "solved", label: "Solved" },
    { value: "gone", label: "Se fue" },
  ]);
});

test("what a macro offers stands there while it may be chosen, or any words may", () => {
  const choices = endings([one("solved", { es: "Resuelto" })], "es");
  expect(offered("solved", choices)).toBe("solved");
  expect(offered("gone", choices)).toBe("");
  expect(offered("gone", [])).toBe("gone");
  expect(offered(null, choices)).toBe("");
});
