import { expect, test } from "vitest";
import { amountOf, money } from "./money";

test("an amount is read with its currency, in the reader's way", () => {
  expect(money("1234.50", "USD", "en")).toMatch(/^USD\s1,234\.50$/);
  expect(money("49.90", "ARS", "pt")).toMatch(/^ARS\s49,90$/);
});

test("an amount is taken with a point or a comma, and nothing else is one", () => {
  expect(amountOf(" 49,90 ")).toBe("49.90");
  expect(amountOf("50")).toBe("50");
  for (const wrong of ["", "cincuenta", "1.234,50", "-5", "5.123"]) expect(amountOf(wrong)).toBeUndefined();
});
