import { beforeAll, expect, test } from "vitest";
import { Problem } from "../api/problem";
import { speak } from "../i18n/index.svelte";
import { Submission } from "./act.svelte";

beforeAll(async () => {
  await speak("es");
});

const fail = (body: object) => () => Promise.reject(new Problem(422, body));
const MALFORMED = { type: "invalid", detail: "Falta algo.", todo: "Corrija los campos que se nombran." };

test("each field shows what is wrong with it, and the form what none of them shows", async () => {
  const sending = new Submission();
  const errors = [
    { field: "organisation.hours", detail: "22:00-22:00 no es un horario válido." },
    { field: "organisation.name", detail: "Falta este dato." },
    { field: "token", detail: "Falta este dato." },
  ];
  expect(await sending.run(fail({ ...MALFORMED, field: "organisation.hours", errors }))).toBe(false);
  expect(sending.of("organisation.hours")).toBe("22:00-22:00 no es un horario válido.");
  expect(sending.of("organisation.name")).toBe("Falta este dato.");
  expect(sending.of("organisation.names")).toBeUndefined();
  expect(sending.general("organisation.hours", "organisation.name")).toBe("Falta este dato. (token)");
  expect(sending.general("organisation", "token")).toBe("");
  expect(sending.general()).not.toContain("Corrija los campos");
});

test("a part of a field is told at the field", async () => {
  const sending = new Submission();
  await sending.run(fail({ ...MALFORMED, errors: [{ field: "names.es", detail: "Debe tener como máximo 80." }] }));
  expect(sending.of("names")).toBe("Debe tener como máximo 80.");
  expect(sending.general("names")).toBe("");
  expect(sending.general("name")).toBe("Debe tener como máximo 80. (names.es)");
});

test("a refusal that names one field is told there with what to do", async () => {
  const sending = new Submission();
  await sending.run(fail({ type: "invalid", detail: "Ese nombre ya existe.", todo: "Elija otro.", field: "name" }));
  expect(sending.of("name")).toBe("Ese nombre ya existe. Elija otro.");
  await sending.run(fail({ type: "invalid", field: "name" }), () => "Con otras palabras.");
  expect(sending.of("name")).toBe("Con otras palabras.");
});

test("what the form itself sees is told at the field, until it is sent", async () => {
  const sending = new Submission();
  sending.refuse("amount", "Escriba el monto sin separador de miles.");
  expect(sending.of("amount")).toBe("Escriba el monto sin separador de miles.");
  expect(sending.general("amount")).toBe("");
  expect(await sending.run(() => Promise.resolve())).toBe(true);
  expect(sending.of("amount")).toBeUndefined();
});
