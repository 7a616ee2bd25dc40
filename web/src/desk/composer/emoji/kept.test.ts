import { beforeEach, expect, test } from "vitest";
import { keepTone, recent, tone, used } from "./kept";

beforeEach(() => {
  localStorage.clear();
});

test("the latest used stand first, each once, and not more than two rows", () => {
  for (const one of ["a", "b", "a"]) used(one);
  expect(recent()).toEqual(["a", "b"]);
  for (let number = 0; number < 40; number++) used(number.toString());
  expect(recent()).toHaveLength(16);
});

test("a tone is kept, and what is no tone counts for none", () => {
  keepTone(3);
  expect(tone()).toBe(3);
  localStorage.setItem("trato.emoji.tone", '"x"');
  expect(tone()).toBe(0);
  localStorage.setItem("trato.emoji.recent", "{");
  expect(recent()).toEqual([]);
});
