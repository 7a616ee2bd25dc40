import { describe, expect, it } from "vitest";
import type { Unsupported } from "./api";
import { placed } from "./placed";

const found = (start: number, text: string): Unsupported => ({
  kind: "figure",
  field: "body",
  start,
  end: start + [...text].length,
  text,
});

describe("where something stands in a text", () => {
  it("counts characters as the server does and units as the browser does", () => {
    expect(placed(found(8, "36"), "🧊🧊 dura 36 meses")).toEqual([10, 12]);
  });
  it("finds the one that is meant, and another one where that moved", () => {
    expect(placed(found(6, "36"), "36 no 36")).toEqual([6, 8]);
    expect(placed(found(40, "36"), "dura 36")).toEqual([5, 7]);
  });
  it("finds nothing once it is gone", () => {
    expect(placed(found(5, "36"), "dura 24")).toBeUndefined();
  });
});
