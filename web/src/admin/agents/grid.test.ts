import { expect, test } from "vitest";
import { levelOf, moved, touched } from "./grid";

const KEYS = ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Home", "End", "PageUp", "PageDown", "Enter"];

test("digits set a level, 0 and Delete take it away, letters do nothing", () => {
  expect(["1", "5", "0", "Delete", "Backspace", "6", "a", "Tab"].map(levelOf)).toEqual([
    1,
    5,
    0,
    0,
    0,
    undefined,
    undefined,
    undefined,
  ]);
});

test("no key leads out of the table, whatever its size", () => {
  for (const [rows, columns] of [
    [1, 1],
    [3, 2],
    [1000, 12],
  ] as const) {
    for (const row of [0, rows - 1])
      for (const column of [0, columns - 1])
        for (const key of KEYS) {
          const to = moved({ row, column }, key, rows, columns);
          expect(to && to.row >= 0 && to.row < rows && to.column >= 0 && to.column < columns).toBe(true);
        }
  }
  expect(moved({ row: 0, column: 0 }, "Tab", 3, 3)).toBeUndefined();
});

test("there and back again", () => {
  const there = moved({ row: 1, column: 1 }, "ArrowRight", 3, 3);
  expect(there).toEqual({ row: 1, column: 2 });
  expect(there && moved(there, "ArrowLeft", 3, 3)).toEqual({ row: 1, column: 1 });
});

test("touching goes through all levels and back to none", () => {
  expect([0, 1, 2, 3, 4, 5].map(touched)).toEqual([1, 2, 3, 4, 5, 0]);
});
