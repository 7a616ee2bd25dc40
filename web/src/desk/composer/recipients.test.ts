import { expect, test } from "vitest";
import { readRecipients } from "./recipients";

test.each([
  ["ana@x.example", ["ana@x.example"]],
  ["ana@x.example, Luis <luis@x.example>;\n", ["ana@x.example", "luis@x.example"]],
  ["Ana@X.example,Ana@X.example", ["Ana@X.example"]],
  ["", []],
])("%j names %j", (typed, addresses) => {
  expect(readRecipients(typed)).toEqual({ addresses, wrong: undefined });
});

test.each(["ana", "ana@localhost", "a b@x.example", "@x.example", "ana@x."])("%j is no address", (typed) => {
  expect(readRecipients(`bien@x.example, ${typed}`).wrong).toBe(typed);
});
