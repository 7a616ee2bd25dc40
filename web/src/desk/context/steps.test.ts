import { expect, test } from "vitest";
import { advance, raised, without } from "./steps";

const steps = (...states: ("done" | "now" | "later")[]) =>
  states.map((state, at) => ({ title: `paso ${at.toString()}`, state, due_at: null }));
const states = (list: { state: string }[]): string => list.map((step) => step.state).join(" ");

test("finishing a step begins the next that was left for later", () => {
  expect(states(advance(steps("done", "now", "later", "later"), 1))).toBe("done done now later");
});

test("finishing one of two under way begins no third", () => {
  expect(states(advance(steps("now", "now", "later"), 0))).toBe("done now later");
});

test("a step done by mistake goes back", () => {
  expect(states(advance(steps("done", "now"), 0))).toBe("later now");
});

test("steps are taken out and moved without touching the list that was given", () => {
  const given = steps("done", "now", "later");
  expect(without(given, 1).map((step) => step.title)).toEqual(["paso 0", "paso 2"]);
  expect(raised(given, 2).map((step) => step.title)).toEqual(["paso 0", "paso 2", "paso 1"]);
  expect(raised(given, 0)).toEqual(given);
  expect(given).toEqual(steps("done", "now", "later"));
});
