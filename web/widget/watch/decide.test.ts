import { expect, test } from "vitest";
import { bare, type Met, repeated, tells } from "./decide";

const met = (change: Partial<Met> = {}): Met => ({ kind: "script", at: 0, touched: false, ...change });

test("one error of some script is nobody's matter", () => {
  expect(tells([met()], 0)).toBe(false);
  expect(tells([met(), met()], 1_000)).toBe(false);
});

test("what fails after a touch is told at once, and so are clicks in vain", () => {
  expect(tells([met({ kind: "request", touched: true })], 0)).toBe(true);
  expect(tells([met({ kind: "clicks" })], 0)).toBe(true);
});

test("what fails again and again is told, but not over a whole day", () => {
  expect(tells([met(), met({ at: 10 }), met({ at: 20 })], 20)).toBe(true);
  expect(tells([met(), met({ at: 10 }), met({ at: 90_000 })], 90_000)).toBe(false);
});

test("clicks repeat when they are quick and on the same place", () => {
  const click = (at: number, x = 10) => ({ at, x, y: 10 });
  expect(repeated([click(0), click(200), click(400), click(600)])).toBe(true);
  expect(repeated([click(0), click(200), click(400)])).toBe(false);
  expect(repeated([click(0), click(900), click(1_800), click(2_700)])).toBe(false);
  expect(repeated([click(0), click(200, 200), click(400), click(600, 200)])).toBe(false);
  expect(repeated([])).toBe(false);
});

test("of an address only the place is told", () => {
  expect(bare("/pago?tarjeta=4111#x", "https://u:p@tienda.example/a")).toBe("https://tienda.example/pago");
  expect(bare("data:text/plain,x", "https://tienda.example")).toBe("");
  expect(bare("http://[", "https://tienda.example")).toBe("");
});
