import { describe, expect, it } from "vitest";
import { hasLeft, isUnsent, KeptPreference, namedIn, takeUp } from "./kept";
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

describe("whom the site names", () => {
  const proof = (userId: unknown) => ({ userId, exp: 1, signature: "s" });
  const words = { client_id: "k", text: "hola", attachments: [], at: "2026-11-26T09:00:00Z", error: null };
  const before = (named: string | null, identified: boolean) => {
    const storage = openStorage("d", null);
    storage.set("session", { token: "t", identified, alive: true, visitor: "v" });
    storage.set("named", named);
    storage.set("outbox", [words, { ...words, error: "too large" }]);
    return storage;
  };

  it.each([
    ["the same again", "pedro", true, proof("pedro"), false, "pedro"],
    ["the same, as a number", "88120", true, proof(88120), false, "88120"],
    ["another one", "pedro", true, proof("ana"), true, "ana"],
    ["another one, after who could not prove it", "pedro", false, proof("ana"), true, "ana"],
    ["nobody: a template of who is not signed in", "pedro", true, {}, true, null],
    ["nobody, with an empty name", "pedro", true, proof(" "), true, null],
    ["nobody: they signed out", "pedro", true, null, true, null],
    ["the first one", null, false, proof("ana"), false, "ana"],
    ["nobody, where nobody was", null, false, null, false, null],
    ["somebody, where an older page did not keep who was here", null, true, proof("ana"), true, "ana"],
  ])("%s", (_, named, identified, identity, left, now) => {
    const storage = before(named, identified);
    const found = takeUp(storage, identity, null);
    expect([found.left, namedIn(storage)]).toEqual([left, now]);
    expect(found.unsent).toEqual(left ? { token: "t", proof: null, pending: [words] } : null);
    expect([storage.get("session"), storage.get("outbox")].map((one) => one === null)).toEqual([left, left]);
  });

  it("leaves nothing to send for somebody who has neither a session nor a proof", () => {
    const storage = before("pedro", true);
    storage.set("session", null);
    expect(takeUp(storage, proof("ana"), null)).toEqual({ left: true, unsent: null });
  });
});
