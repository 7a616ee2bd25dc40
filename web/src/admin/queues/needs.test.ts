import { expect, test } from "vitest";
import type { RelaxationStep, Skill } from "../../api/queues";
import { nextStep, resolved, withNeed } from "./needs";

const skill = (name: string): Skill => ({ id: `id of ${name}`, name, version: 1, created_at: "" });
const known = [skill("Garantías"), skill("ventas")];

test("what is typed becomes a skill with its level", () => {
  expect(withNeed([], "garantías 3", known)).toEqual([{ name: "Garantías", level: 3 }]);
  expect(withNeed([], "  inglés   técnico ", known)).toEqual([{ name: "inglés técnico", level: 1 }]);
  expect(withNeed([], "windows 95", known)).toEqual([{ name: "windows 95", level: 1 }]);
  expect(withNeed([], "   ", known)).toEqual([]);
});

test("a skill is asked for once, at the level said last", () => {
  const once = withNeed([], "ventas 2", known);
  expect(withNeed(once, "Ventas 4", known)).toEqual([{ name: "ventas", level: 4 }]);
});

test("only skills that nobody knows are made", async () => {
  const made: string[] = [];
  const create = (name: string): Promise<Skill> => {
    made.push(name);
    return Promise.resolve(skill(name));
  };
  const needs = [
    { name: "garantías", level: 3 },
    { name: "redes", level: 2 },
  ];
  expect(await resolved(needs, known, create)).toEqual([
    { skill_id: "id of Garantías", level: 3 },
    { skill_id: "id of redes", level: 2 },
  ]);
  expect(made).toEqual(["redes"]);
});

test("the next step comes later and relaxes something else, until anybody may help", () => {
  const steps: RelaxationStep[] = [];
  for (let step = nextStep(steps); step; step = nextStep(steps)) steps.push(step);
  expect(steps.map((step) => step.allow)).toEqual(["level", "language", "team", "anybody"]);
  expect(steps.map((step) => step.after_s)).toEqual([60, 120, 180, 240]);
});
