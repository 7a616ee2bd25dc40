import { describe, expect, it } from "vitest";
import { money, ofAHundred } from "./money";

describe("amounts and shares", () => {
  it("are written as the language does", () => {
    expect(money("899000.5000", "ARS", "en")).toBe("ARS\u00a0899,000.50");
    expect(money("12", "???", "es")).toBe("??? 12");
  });

  it("say nothing where there is nobody", () => {
    expect(ofAHundred(3, 0, "es")).toBe("–");
    expect(ofAHundred(1, 4, "en")).toBe("25%");
  });
});
