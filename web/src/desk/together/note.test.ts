import { expect, test } from "vitest";
import es from "../../i18n/together/es";
import { matter } from "../../testing/entities";
import { suggestion } from "./note";

const step = (title: string, state: "done" | "now" | "later") => ({
  id: title,
  position: 0,
  title,
  state,
  due_at: null,
  done_at: null,
});

test("a note begins with what was done, what is left and what was promised", () => {
  const known = matter({
    expectation: "Que enfríe",
    steps: [step("Cable", "done"), step("Visita", "now"), step("Repuesto", "later"), step("Cierre", "later")],
    promised_at: "2026-03-06T12:00:00Z",
  });
  expect(suggestion(known, es.suggestion, () => "el viernes")).toBe(
    "Espera: Que enfríe\nHecho: Cable\nEn curso: Visita\nFalta: Repuesto; Cierre\nPrometido para: el viernes",
  );
});

test("what is not known is not said", () => {
  expect(suggestion(undefined, es.suggestion, String)).toBe("");
  expect(
    suggestion(matter({ expectation: "", steps: [], promised_at: null }), es.suggestion, String),
  ).toBe("");
});
