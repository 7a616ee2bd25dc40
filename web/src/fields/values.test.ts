import { expect, test } from "vitest";
import { called, choices, lines, meant, typed } from "./values";

test("what is typed is meant as its kind takes it", () => {
  expect(meant("number", " 12.5 ")).toBe(12.5);
  expect(meant("yes_no", "no")).toBe(false);
  expect(meant("text", "  ")).toBeNull();
  expect(meant("date", "2026-11-26")).toBe("2026-11-26");
});

test.each([null, true, false, "oro", 3])("a value goes into a control: %s", (value) => {
  expect(typeof typed(value)).toBe("string");
});

test("choices go to lines and back", () => {
  const given = [
    { key: "gold", labels: { es: "Oro", en: "Gold", pt: "Ouro" }, retired: false },
    { key: "plain", labels: { es: "Común" }, retired: false },
    { key: "old", labels: { es: "Viejo" }, retired: true },
  ];
  expect(lines(given)).toBe("gold = Oro | Gold | Ouro\nplain = Común");
  expect(choices(lines(given))).toEqual(given.slice(0, 2).map(({ key, labels }) => ({ key, labels })));
});

test("a line that means nothing is named", () => {
  expect(choices("gold = Oro\nPlata")).toEqual({ wrong: "Plata" });
});

test("a name in another language does where there is none in the reader's", () => {
  expect(called({ es: "Plan" }, "pt")).toBe("Plan");
});
