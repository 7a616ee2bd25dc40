import { expect, test } from "vitest";
import { ofAHundred } from "./shares";

test("a share says nothing where there is nobody", () => {
  expect(ofAHundred(3, 0, "es")).toBe("–");
  expect(ofAHundred(1, 4, "en")).toBe("25%");
});
