import { expect, test } from "vitest";
import type { Choices } from "../../api/views";
import { blank, FIELDS, isWhole, optionsOf } from "./conditions";

const choices: Choices = {
  account: [],
  brand: [],
  queue: [{ id: "q1", name: "Ventas" }],
  team: [],
  label: [],
  assignee: [],
  channel: [{ id: "loop", name: "loop" }],
  language: [],
};
const plain = (_: string, name: string): string => name;

test("each field begins unfinished, but a length of time", () => {
  expect(FIELDS.filter((field) => isWhole(blank(field)))).toEqual(["waiting", "quiet"]);
});

test("what is chosen and gone stays to be seen and taken off, by the name that it had", () => {
  const chosen = { ...blank("queue"), values: ["q1", "q9"] };
  const found = optionsOf(chosen, choices, { q9: "Vieja" }, (word) => `(${word})`, plain);
  expect(found).toEqual([
    { value: "nobody", label: "(nobody)" },
    { value: "q1", label: "Ventas" },
    { value: "q9", label: "Vieja" },
  ]);
});
