import { describe, expect, it } from "vitest";
import { KeptPreference } from "./kept";
import { openStorage } from "./storage";

describe("how they like to be helped", () => {
  it("is told to a server that does not know it, and taken from one that does", () => {
    const kept = new KeptPreference(openStorage("a", null));
    expect(kept.unknownThere("unknown")).toBeNull();
    kept.prefers = "person";
    expect(kept.unknownThere("unknown")).toBe("person");
    expect(kept.unknownThere("alone")).toBeNull();
    expect(kept.prefers).toBe("alone");
    kept.prefers = "unknown";
    expect(kept.unknownThere("unknown")).toBeNull();
  });

  it("is asked once", () => {
    const kept = new KeptPreference(openStorage("b", null));
    expect(kept.asked).toBe(false);
    kept.asked = true;
    expect(kept.asked).toBe(true);
  });
});
