import { expect, test } from "vitest";
import es from "../i18n/common/es";
import { explain, Problem } from "./problem";

test("what the house depends on is named when it does not answer, with what to do", () => {
  const slow = new Problem(503, { type: "unavailable", detail: "El traductor no respondió a tiempo.", todo: "Siga." });
  expect(explain(slow, es)).toBe("El traductor no respondió a tiempo. Siga.");
});

test("of an error that nobody foresaw the desk tells its own sentence", () => {
  expect(explain(new Problem(500, { type: "unexpected", detail: "Algo." }), es)).toBe(es.errors.server);
  expect(explain(new Problem(503), es)).toBe(es.errors.server);
});
