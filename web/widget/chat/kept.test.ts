import { describe, expect, it } from "vitest";
import { hasLeft, isUnsent, KeptPreference } from "./kept";
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

describe("what was written", () => {
  it("waits to be sent until it is sent or refused", () => {
    const storage = openStorage("c", null);
    const message = { client_id: "k", text: "hola", attachments: [], at: "2026-11-26T09:00:00Z", error: null };
    expect(isUnsent(storage)).toBe(false);
    storage.set("outbox", [{ ...message, error: "too large" }]);
    expect(isUnsent(storage)).toBe(false);
    storage.set("outbox", [{ ...message, error: "too large" }, message]);
    expect(isUnsent(storage)).toBe(true);
    storage.set("outbox", null);
    expect(isUnsent(storage)).toBe(false);
  });
});

describe("who had been vouched for", () => {
  const kept = (visitor: string | undefined, identified = true) =>
    ({ token: "t", alive: false, identified, ...(visitor ? { visitor } : {}) });

  it.each([
    ["who signed out", kept("a"), null, true],
    ["who was followed by somebody without a name", kept("a"), kept("b", false), true],
    ["who was followed by another customer", kept("a"), kept("b"), true],
    ["who proved it again", kept("a"), kept("a"), false],
    ["whose visitor an older page did not keep", kept(undefined), kept("a"), false],
    ["who had no name yet", kept("a", false), kept("b"), false],
    ["who was not here before", null, kept("a"), false],
  ])("has left or not: %s", (_, before, now, left) => {
    expect(hasLeft(before, now)).toBe(left);
  });
});
