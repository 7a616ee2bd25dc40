import { expect, test } from "vitest";
import { amountOf } from "./amount";

test("an amount is taken with a point or a comma, and nothing else is one", () => {
  expect(amountOf(" 49,90 ")).toBe("49.90");
  expect(amountOf("50")).toBe("50");
  for (const wrong of ["", "cincuenta", "1.234,50", "-5", "5.123"]) expect(amountOf(wrong)).toBeUndefined();
});
