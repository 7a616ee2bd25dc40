import { expect, it } from "vitest";
import { nameOf, wrongIn } from "./identity";

const proof = { userId: "pedro", name: "Pedro", email: "", exp: 1_790_000_000, signature: "s" };

it.each([
  ["a proof", proof, null],
  ["no name and no email", { ...proof, name: null, email: undefined }, null],
  ["nothing in it", {}, "userId"],
  ["a number as id", { ...proof, userId: 88120 }, "userId"],
  ["an empty id", { ...proof, userId: " " }, "userId"],
  ["a number as email", { ...proof, email: 7 }, "email"],
  ["a text as exp", { ...proof, exp: "1790000000" }, "exp"],
  ["a date that is none", { ...proof, exp: NaN }, "exp"],
  ["no signature", { ...proof, signature: null }, "signature"],
  ["an empty signature", { ...proof, signature: "" }, "signature"],
  ["a text", "pedro", "userId"],
  ["nothing at all", null, "userId"],
])("what is wrong in it: %s", (_, given, wrong) => {
  expect(wrongIn(given)).toBe(wrong);
});

it.each([[proof, "pedro"], [{ userId: 88120 }, "88120"], [{ userId: null }, null], ["pedro", null], [undefined, null]])(
  "whom it names: %j",
  (given, name) => {
    expect(nameOf(given)).toBe(name);
  },
);
