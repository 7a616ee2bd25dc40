import { expect, test } from "vitest";
import { amountOf, currencyOf } from "./amount";

test("an amount is taken with a point or a comma, and nothing else is one", () => {
  expect(amountOf(" 49,90 ")).toBe("49.90");
  expect(amountOf("50")).toBe("50");
  for (const wrong of ["", "cincuenta", "1.234,50", "-5", "5.123", "1.500", "25.000", "1,500"]) expect(amountOf(wrong)).toBeUndefined();
});

test("a currency is three letters, and nothing is cut off", () => {
  expect(currencyOf(" mxn ")).toBe("MXN");
  for (const wrong of ["", "PESOS", "PE", "U$D"]) expect(currencyOf(wrong)).toBeUndefined();
});
