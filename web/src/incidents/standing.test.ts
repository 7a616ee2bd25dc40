import { expect, test } from "vitest";
import { instantIn, localIn, textIn, withChange, written } from "./standing";

test("a text is read in one's language, else in one that it was written in", () => {
  expect(textIn({ pt: "Falha", en: "Fails" }, "pt")).toBe("Falha");
  expect(textIn({ pt: "Falha", en: "Fails" }, "es")).toBe("Fails");
  expect(textIn({ es: "" }, "es")).toBe("");
});

test("what was left empty was not written", () => {
  expect(written({ es: " Falla ", en: "  ", pt: "" })).toEqual({ es: "Falla" });
});

test("an hour somewhere is one instant, also around a change of clocks", () => {
  expect(instantIn("America/Bogota", "2026-11-27T22:00")).toBe("2026-11-28T03:00:00.000Z");
  expect(instantIn("Europe/Madrid", "2026-10-25T01:30")).toBe("2026-10-24T23:30:00.000Z");
  expect(instantIn("Europe/Madrid", "2026-10-25T04:30")).toBe("2026-10-25T03:30:00.000Z");
  expect(instantIn("UTC", "")).toBeNull();
});

test("the way back shows the same hour", () => {
  for (const zone of ["America/Bogota", "Europe/Madrid", "Asia/Kolkata", "UTC"]) {
    const at = instantIn(zone, "2026-03-29T05:15") ?? "";
    expect(localIn(zone, at)).toBe("2026-03-29T05:15");
  }
});

test("what is open follows each change, whatever comes twice or late", () => {
  const one = { id: "a", state: "open", version: 1 };
  const two = { id: "b", state: "open", version: 1 };
  expect(withChange([one], two)).toEqual([two, one]);
  const newer = { ...one, version: 2 };
  expect(withChange([two, one], newer)).toEqual([two, newer]);
  expect(withChange([newer], one)).toEqual([newer]);
  expect(withChange([two, one], { ...one, state: "resolved", version: 3 })).toEqual([two]);
});
