import { expect, test } from "vitest";
import { peopleOf } from "./people";

test("a line is a name and an address, as people and spreadsheets write them", () => {
  const lines = [
    "Ana Torres ana@ejemplo.com",
    "",
    '"Bruno Díaz" <bruno@ejemplo.com>',
    "carla@ejemplo.com; Carla Núñez",
    "Diego\tdiego@ejemplo.com",
  ];
  expect(peopleOf(lines.join("\n"))).toEqual([
    { name: "Ana Torres", email: "ana@ejemplo.com" },
    { name: "Bruno Díaz", email: "bruno@ejemplo.com" },
    { name: "Carla Núñez", email: "carla@ejemplo.com" },
    { name: "Diego", email: "diego@ejemplo.com" },
  ]);
});

test("the first line that says only half is named", () => {
  expect(peopleOf("Ana ana@ejemplo.com\nBruno")).toBe(2);
  expect(peopleOf("\nana@ejemplo.com")).toBe(2);
  expect(peopleOf("  \n ")).toEqual([]);
});

test("whoever is on two lines is invited once", () => {
  expect(peopleOf("Ana ana@ejemplo.com\nBruno bruno@ejemplo.com\nAna Torres ANA@ejemplo.com")).toEqual([
    { name: "Ana", email: "ana@ejemplo.com" },
    { name: "Bruno", email: "bruno@ejemplo.com" },
  ]);
});
