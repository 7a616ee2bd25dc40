// @vitest-environment node
import { describe, expect, it } from "vitest";
// @ts-expect-error a script of the build, without types
import { built, tooNew } from "../scripts/old-browsers.mjs";

describe("what the oldest browser is asked for", () => {
  it.each([
    ["const a = b?.c ?? 1; class A { #x = 1; static { } }", []],
    ["a.findLast((x) => x)", ["findLast"]],
    ["structuredClone(a)", ["structuredClone"]],
    ["fetch(a, { signal: AbortSignal.timeout(5) })", ["AbortSignal.timeout"]],
    ["const list = [...a].reverse().find(b)", []],
  ])("of %s is %j too new", (script, expected) => {
    expect(tooNew(script)).toEqual(expected);
  });

  it("is nothing that the built widget needs", () => {
    const scripts = built() as [string, string][];
    expect(scripts.map(([name, script]) => [name, tooNew(script)]).filter(([, found]) => found.length)).toEqual([]);
  });

  it("is no syntax that came later", () => {
    expect(tooNew("using x = y();").length).toBe(1);
    expect(tooNew("const a = /[a--b]/v;").length).toBe(1);
  });
});
