import { expect, test } from "vitest";
import type { TargetAgent, Targets } from "../../api/together";
import { presence } from "../../testing/entities";
import { hasRoom, options, present } from "./targets";

const agent = (name: string, over: Partial<TargetAgent> = {}): TargetAgent => ({
  agent_id: name,
  name,
  state: "available",
  load: 0,
  capacity: 4,
  team: null,
  skills: [],
  speaks: false,
  because: null,
  ...over,
});

const targets: Targets = {
  owner_id: null,
  agents: [
    agent("Ana"),
    agent("Beto", { skills: [{ name: "garantías", level: 5 }] }),
    agent("Carla", { load: 1, because: "owner" }),
    agent("Delia", { state: "offline", because: "had_before", team: "Cobros" }),
    agent("Ema", { because: "has_it" }),
  ],
  groups: [
    { kind: "queue", id: "q1", name: "Garantías", people: 3, here: 2, free: 1, waiting: 4 },
    { kind: "skill", id: "s1", name: "garantías", people: 1, here: 1, free: 1, waiting: 0 },
    { kind: "team", id: "t1", name: "Cobros", people: 1, here: 0, free: 0, waiting: 0 },
  ],
};

const names = (typed: string, without: string | null = null): string[] =>
  options(targets, ["agent", "queue", "skill", "team", "site"], typed, without).map((one) => one.key);

test("whoever knows the case and has room stands first, whoever has it or asks does not stand there", () => {
  expect(names("", "Ana").filter((key) => key.startsWith("agent"))).toEqual([
    "agent-Carla",
    "agent-Beto",
    "agent-Delia",
  ]);
});

test("a word finds names, skills and teams, with or without accents", () => {
  expect(names("GARANTIAS")).toEqual(["agent-Beto", "queue-q1", "skill-s1"]);
  expect(names("cobros")).toEqual(["agent-Delia", "team-t1"]);
  expect(names("beto garantías")).toEqual(["agent-Beto"]);
  expect(names("zzz")).toEqual([]);
});

test("only the kinds that were asked for", () => {
  expect(options(targets, ["team"], "").map((one) => one.name)).toEqual(["Cobros"]);
});

test("an agent is shown as they are now", () => {
  const now = presence({ agent_id: "Ana", state: "away", said: "away", load: 3, capacity: 4 });
  expect(present(agent("Ana"), { Ana: now })).toMatchObject({ state: "away", load: 3 });
  expect(present(agent("Beto"), { Ana: now })).toMatchObject({ state: "available", load: 0 });
  const busy = presence({ agent_id: "Ana", state: "handling", load: 1, capacity: 4 });
  expect(hasRoom(present(agent("Ana"), { Ana: busy }))).toBe(true);
});

test("room is there for who is available and not full", () => {
  expect(hasRoom(agent("A"))).toBe(true);
  expect(hasRoom(agent("A", { state: "away" }))).toBe(false);
  expect(hasRoom(agent("A", { load: 4 }))).toBe(false);
});
