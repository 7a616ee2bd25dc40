import { describe, expect, it } from "vitest";
import { amount, fitContext } from "./context";

describe("what a page says of where its visitor is", () => {
  it("is kept as it is when it fits", () => {
    const given = {
      product: { id: "FX-200", name: "Heladera con freezer", price: "$ 899.000" },
      step: "checkout",
      cart: { items: 2, total: "941500.5", currency: "ARS" },
      order: "88120",
      language: "es-AR",
    };
    expect(fitContext(given)).toEqual(given);
  });

  it("is cut and cleaned, and what is not known is left out", () => {
    const fit = fitContext({
      product: { name: ` a\n${"b".repeat(300)}`, secret: "x" },
      step: 7,
      cart: { items: -1, total: NaN, currency: "pesos" },
      customer: "Pedro",
    });
    expect(fit).toEqual({ product: { name: `a ${"b".repeat(198)}` }, step: "7" });
  });

  it.each([null, undefined, 5, "x", [], {}, { product: null }, { product: {} }, { step: "  " }])("is nothing for %j", (given) => {
    expect(fitContext(given)).toBeNull();
  });

  it.each([
    [12, "12"],
    ["12.50", "12.5"],
    [0, "0"],
    [0.1 + 0.2, "0.3"],
    [-1, null],
    [1e10, null],
    [Infinity, null],
    ["", null],
    ["doce", null],
    [{}, null],
  ])("takes %j as the amount %j", (given, expected) => {
    expect(amount(given)).toBe(expected);
  });
});
