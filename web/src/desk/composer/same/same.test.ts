import { expect, test } from "vitest";
import { worthAsking } from "./same";

test("a greeting is not asked about, a text is", () => {
  expect(worthAsking("¡Hola, buenos días! ¿Cómo está?")).toBe(false);
  expect(worthAsking("El taller recibió su heladera y la revisa antes del viernes por la mañana.")).toBe(true);
});
