import { describe, expect, it } from "vitest";
import type { Plan } from "./api";
import { counted, placeOf, short, textOf, untouched } from "./said";

const plan: Plan = {
  applied: false,
  digest: "",
  changes: [
    { section: "queues", key: "Sur", act: "new", fields: [] },
    { section: "queues", key: "Norte", act: "changed", fields: [] },
    { section: "tags", key: "Urgente", act: "new", fields: [] },
  ],
  untouched: [
    { section: "brands", count: 2 },
    { section: "skills", count: 3 },
  ],
  problems: [],
  left_out: [],
  stay: [],
  awaited: [],
  made_secrets: [],
};

describe("a plan in words", () => {
  it("is counted", () => {
    expect([counted(plan, "new"), counted(plan, "changed"), counted(plan, "removed"), untouched(plan)]).toEqual([
      2, 1, 0, 5,
    ]);
  });
  it("shows values on one line, cut when they are long", () => {
    expect([short(null), short("  "), short("Con gusto,\nLa Tienda"), short(["a"]), short(3)]).toEqual([
      "—",
      "—",
      "Con gusto, La Tienda",
      '["a"]',
      "3",
    ]);
    expect(short("x".repeat(500))).toHaveLength(160);
  });
});

describe("what is in the way", () => {
  it.each([
    ["queues.1.skills.0.level", "skills › 1 › level"],
    ["queues.0.name", "name"],
    ["queues.0", ""],
    ["organisation.hours.fri", "hours › fri"],
    ["", ""],
  ])("stands at %s", (field, shown) => {
    expect(placeOf(field)).toBe(shown);
  });
  it("is a file that is no UTF-8", () => {
    const bytes = (...of: number[]) => new Uint8Array(of).buffer;
    expect(textOf(new TextEncoder().encode("Garantías").buffer)).toBe("Garantías");
    expect(textOf(bytes(0x47, 0xed, 0x61))).toBeNull();
  });
});
