import { expect, test } from "vitest";
import { contact, fact } from "../../testing/entities";
import { factOf, factsBeside } from "./facts";

const person = contact({
  facts: [
    fact({ id: "1", name: "modelo" }),
    fact({ id: "2", name: "tone", value: "vos" }),
    fact({ id: "3", name: "pedido", case_id: "k1" }),
    fact({ id: "4", name: "pedido", case_id: "k2" }),
    fact({ id: "5", name: "ciudad" }),
  ],
});

test("what is told of this matter stands first, then of the person; another matter's does not", () => {
  expect(factsBeside(person, "k1").map((one) => one.id)).toEqual(["3", "5", "1"]);
  expect(factsBeside(person, null).map((one) => one.id)).toEqual(["5", "1"]);
});

test("who told a preference is found by its name", () => {
  expect(factOf(person, "tone")?.id).toBe("2");
  expect(factOf(person, "prefers")).toBeUndefined();
});
