import { expect, test } from "vitest";
import { firstValue, flat, tree } from "./conditions";

const one = { field: "message.text", operator: "contains", value: "garantía" };
const other = { field: "open", operator: "is", value: false };

test.each([{ all: [] }, { all: [one, other] }, { any: [one] }, { not: { any: [one, other] } }])(
  "a list of tests goes there and back: %j",
  (condition) => {
    const found = flat(condition);
    expect(found && tree(found)).toEqual(condition);
  },
);

test("one test alone is a list of one", () => {
  expect(flat(one)).toEqual({ match: "all", tests: [one] });
});

test("a tree that a list cannot show is left alone", () => {
  expect(flat({ all: [{ any: [one] }] })).toBeUndefined();
  expect(flat({ not: { all: [one] } })).toBeUndefined();
});

test("none of nothing holds always", () => {
  expect(tree({ match: "none", tests: [] })).toEqual({ all: [] });
});

test("a value to begin with fits its field", () => {
  expect(firstValue("flag", "is", "open")).toBe(true);
  expect(firstValue("choice", "is", "case.status")).toBe("open");
  expect(firstValue("choice", "is_empty", "case.status")).toBeUndefined();
});
