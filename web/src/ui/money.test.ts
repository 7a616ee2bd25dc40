import { expect, test } from "vitest";
import type { Language } from "../i18n/languages";
import { money } from "./money";

test.each<[string, string, Language, string]>([
  ["849990", "ARS", "es", "ARS 849.990,00"],
  ["849990", "MXN", "es", "MXN 849,990.00"],
  ["849990", "CLP", "es", "CLP 849.990"],
  ["849990", "EUR", "es", "849.990,00 EUR"],
  ["1234.50", "USD", "en", "USD 1,234.50"],
  ["899000.5000", "ARS", "en", "ARS 899,000.50"],
  ["849990", "BRL", "pt", "BRL 849.990,00"],
  ["49.90", "ARS", "pt", "ARS 49,90"],
])("%s %s for whoever reads %s", (amount, currency, language, written) => {
  expect(money(amount, currency, language).replace(/\s/g, " ")).toBe(written);
});

test("what is no currency keeps its letters", () => {
  expect(money("12", "???", "es")).toBe("??? 12");
});
