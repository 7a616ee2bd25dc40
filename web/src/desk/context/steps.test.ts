import { expect, test } from "vitest";
import { added, advance, changed, raised, without } from "./steps";

const steps = (...states: ("done" | "now" | "later")[]) =>
  states.map((state, at) => ({ id: at.toString(), title: `paso ${at.toString()}`, state, due_at: null }));
const states = (list: { state: string }[]): string => list.map((step) => step.state).join(" ");
const titles = (list: { title: string }[]): string[] => list.map((step) => step.title);

test("finishing a step begins the next that was left for later", () => {
  expect(states(advance(steps("done", "now", "later", "later"), "1"))).toBe("done done now later");
});

test("finishing one of two under way begins no third", () => {
  expect(states(advance(steps("now", "now", "later"), "0"))).toBe("done now later");
});

test("a step done by mistake goes back", () => {
  expect(states(advance(steps("done", "now"), "0"))).toBe("later now");
});

test("a new step waits behind what is left, and is under way when nothing is", () => {
  expect(states(added(steps("done", "now"), "otro", null))).toBe("done now later");
  expect(states(added(steps("done"), "otro", null))).toBe("done now");
  expect(states(added([], "otro", null))).toBe("now");
});

test("steps are corrected, taken out and moved without touching the list that was given", () => {
  const given = steps("done", "now", "later");
  const due = "2031-05-02T10:00:00Z";
  expect(changed(given, { id: "1", title: "otro", state: "done", due_at: due })[1]).toEqual({
    id: "1",
    title: "otro",
    state: "now",
    due_at: due,
  });
  expect(titles(without(given, "1"))).toEqual(["paso 0", "paso 2"]);
  expect(titles(raised(given, "2"))).toEqual(["paso 0", "paso 2", "paso 1"]);
  expect(raised(given, "0")).toEqual(given);
  expect(given).toEqual(steps("done", "now", "later"));
});

test("a step that is gone meanwhile is left alone", () => {
  const given = steps("now", "later");
  for (const made of [advance(given, "7"), raised(given, "7"), without(given, "7")]) expect(made).toEqual(given);
  expect(changed(given, { id: "7", title: "otro", state: "now", due_at: null })).toEqual(given);
});
