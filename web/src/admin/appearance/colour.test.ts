/** The desk reckons as the server does (`tests/unit/decide/test_colour.py` holds the same examples). */
import { expect, test } from "vitest";
import { colourOf, contrastOn, isLegible, legible } from "./colour";

const EXAMPLES = [
  ["#ffd54f", "#866b01", "#ffd54f"],
  ["#c2185b", "#c2185b", "#eb487c"],
  ["#ffffff", "#6e6e6e", "#ffffff"],
  ["#000000", "#000000", "#868686"],
  ["#8bc34a", "#4e7a09", "#8bc34a"],
  ["#00e5ff", "#0c7a88", "#00e5ff"],
  ["#1a237e", "#1a237e", "#6680e3"],
  ["#ff0000", "#dd0f08", "#fe3629"],
] as const;

test.each(EXAMPLES)("%s reads as %s on light pages and as %s on dark ones", (colour, light, dark) => {
  expect([legible(colour, "light"), legible(colour, "dark")]).toEqual([light, dark]);
  expect(isLegible(light, "light") && isLegible(dark, "dark")).toBe(true);
});

test("contrast is reckoned on the page's ground", () => {
  expect(contrastOn("#f4f2ec", "light")).toBeCloseTo(1);
  expect(contrastOn("#000000", "light")).toBeCloseTo(18.8, 1);
});

test("a colour is taken as people write it", () => {
  expect(colourOf(" 0B6E6E ")).toBe("#0b6e6e");
  expect(colourOf("#0aF")).toBe("#00aaff");
  for (const typed of ["", "#12", "red", "#12345g"]) expect(colourOf(typed)).toBeUndefined();
});
