import { expect, test } from "vitest";
import { answerIn, hear, present, type Sign } from "./lookers";

const sign = (agent_id: string, name: string, here = true): Sign => ({
  conversation_id: "c1",
  agent_id,
  name,
  here,
});

test("who came is there until they leave or fall silent", () => {
  let known = hear([], sign("b", "Bruno"), 0);
  known = hear(known, sign("a", "Ana"), 60_000);
  expect(present(known, 60_000).map(({ name }) => name)).toEqual(["Ana", "Bruno"]);
  expect(present(known, 100_000).map(({ name }) => name)).toEqual(["Ana"]);
  expect(hear(known, sign("a", "Ana", false), 61_000).map(({ name }) => name)).toEqual(["Bruno"]);
});

test("only who has just come is answered, and no answer to an answer", () => {
  const known = hear([], sign("a", "Ana"), 0);
  expect(answerIn([], sign("a", "Ana"), 5_000)).toBe(0);
  expect(answerIn([], sign("a", "Ana"), 100)).toBe(2_900); // said just now, to whoever was there then
  expect(answerIn(known, sign("a", "Ana"), 5_000)).toBeUndefined();
  expect(answerIn([], sign("a", "Ana", false), 5_000)).toBeUndefined();
});
