import { expect, test } from "vitest";
import { money } from "./money";

test("an amount is read with its currency, in the reader's way", () => {
  expect(money("1234.50", "USD", "en")).toMatch(/^USD\s1,234\.50$/);
  expect(money("49.90", "ARS", "pt")).toMatch(/^ARS\s49,90$/);
});
