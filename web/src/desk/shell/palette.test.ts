import { expect, test } from "vitest";
import { matches } from "./palette";

const label = "Lucía Ferreyra · Caso 3340 Pago duplicado";

test.each(["", "luc", "LUCIA", "lucía ferr", "3340", "pago caso", "ferreyra  dup"])(
  "%j finds it",
  (typed) => {
    expect(matches(label, typed)).toBe(true);
  },
);

test.each(["ucia", "lucia gomez", "334x", "·"])("%j does not", (typed) => {
  expect(matches(label, typed)).toBe(false);
});
