import { expect, test } from "vitest";
import { code, found, moved, prepared, toned, type Raw } from "./find";

const RAW: Raw[] = [
  { unicode: "👍", label: "pulgar hacia arriba", hexcode: "1F44D", group: 1, order: 2, tags: ["bien", "más"],
    skins: [{ unicode: "👍🏻", label: "pulgar: tono claro", tone: 1 }, { unicode: "👍🏿", label: "pulgar: tono oscuro", tone: 5 }] },
  { unicode: "😄", label: "cara sonriendo con ojos sonrientes", hexcode: "1F604", group: 0, order: 1, tags: ["feliz"] },
  { unicode: "🚚", label: "camión de reparto", hexcode: "1F69A", group: 5, order: 3, tags: ["envío", "entrega"] },
  { unicode: "🏻", label: "tono claro", hexcode: "1F3FB", group: 2, order: 0 },
];
const ALL = prepared(RAW, { "1F604": ["smile", "grinning_eyes"], "1F44D": "thumbsup" });
const names = (typed: string): string[] => found(ALL, typed).map(({ unicode }) => unicode);

test("a word of the reader's language finds, without accents and by its beginning", () => {
  expect(names("camion")).toEqual(["🚚"]);
  expect(names("ENVÍO")).toEqual(["🚚"]);
  expect(names("ojos cara")).toEqual(["😄"]);
  expect(names("camión feliz")).toEqual([]);
  expect(names(" ")).toEqual([]);
});

test("short codes of chats are understood, and parts of emoji are not offered", () => {
  expect(names("smile")).toEqual(["😄"]);
  expect(names("thumbs")).toEqual(["👍"]);
  expect(names("tono")).toEqual([]);
});

test("a tone is taken where there is one", () => {
  const [smile, thumb] = ALL;
  expect(thumb && toned(thumb, 5).unicode).toBe("👍🏿");
  expect(thumb && toned(thumb, 0).unicode).toBe("👍");
  expect(smile && toned(smile, 5).unicode).toBe("😄");
});

test("a code is written behind a colon at the beginning of a word, and a time is none", () => {
  expect(code("Hola :smi", 9)).toEqual({ from: 5, written: "smi", whole: false });
  expect(code("Hola :grinning_eyes:", 20)).toEqual({ from: 5, written: "grinning eyes", whole: true });
  expect(code("a las 10:30", 11)).toBeNull();
  expect(code("Así: no", 7)).toBeNull();
  expect(code(":a", 2)).toBeNull();
});

test("arrows move within the grid and stop at its edges", () => {
  expect(moved("ArrowDown", 1, 20, 8)).toBe(9);
  expect(moved("ArrowDown", 15, 20, 8)).toBe(15);
  expect(moved("ArrowLeft", 0, 20, 8)).toBe(0);
  expect(moved("End", 9, 12, 8)).toBe(11);
  expect(moved("x", 9, 12, 8)).toBeUndefined();
});
