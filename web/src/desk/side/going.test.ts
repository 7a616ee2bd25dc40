import { beforeEach, expect, test } from "vitest";
import { after, goingOf, keepGoing } from "./going";

beforeEach(() => {
  localStorage.clear();
});

test("what was being said is known again, apart for each case", () => {
  keepGoing("k1", { text: "¿Hay repuestos?", id: "m1" });
  expect(goingOf("k1")).toEqual({ text: "¿Hay repuestos?", id: "m1" });
  expect(goingOf("k2")).toBeUndefined();
  keepGoing("k1", undefined);
  expect(goingOf("k1")).toBeUndefined();
  localStorage.setItem("trato.saying.k1", "{");
  expect(goingOf("k1")).toBeUndefined();
});

test("what was begun behind what was said is left", () => {
  expect(after("¿Hay?", "¿Hay?")).toBe("");
  expect(after("¿Hay?", "¿Hay?\n\nGracias")).toBe("Gracias");
  expect(after("¿Hay?", "Otra cosa")).toBe("Otra cosa");
  expect(after("", "Otra cosa")).toBe("Otra cosa");
});
