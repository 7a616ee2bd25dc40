import { describe, expect, test } from "vitest";
import { loadStrings } from "../i18n";
import type { Told, Wait } from "../types";
import { waitWords } from "./wait";

const told = (code: Told["code"], low: number | null = null, high: number | null = null): Told => ({
  code,
  low_min: low,
  high_min: high,
  opens_at: null,
});
const wait = (position: number | null, what: Told): Wait => ({
  position,
  told: what,
  is_long: true,
  is_open: true,
  callback: null,
});

describe.each([
  ["es", ["Su lugar en la fila: 3. La espera es de entre 5 y 10 minutos.", "La espera es de menos de un minuto.", "una hora y media y 3 horas"]],
  ["en", ["Your place in line: 3. The wait is between 5 and 10 minutes.", "The wait is less than a minute.", "an hour and a half and 3 hours"]],
  ["pt", ["Seu lugar na fila: 3. A espera é de 5 a 10 minutos.", "A espera é de menos de um minuto.", "uma hora e meia a 3 horas"]],
])("in %s", (language, [between, under, hours]) => {
  test("the place and the wait are said as people do", async () => {
    const strings = await loadStrings(language);
    expect(waitWords(wait(3, told("between", 5, 10)), strings, language)).toBe(between);
    expect(waitWords(wait(null, told("under", null, 1)), strings, language)).toBe(under);
    expect(waitWords(wait(null, told("between", 90, 180)), strings, language)).toContain(hours);
  });

  test("every code has words, and a moment needs no place", async () => {
    const strings = await loadStrings(language);
    for (const code of ["today", "later", "nobody", "closed"] as const) {
      expect(waitWords(wait(2, told(code)), strings, language)).toContain("2");
    }
    expect(waitWords(wait(1, told("moment", null, 1)), strings, language)).toBe(strings.wait.moment);
  });
});

test("a closed line says when it opens, today without the day", async () => {
  const strings = await loadStrings("es");
  const soon = new Date();
  soon.setHours(23, 59, 0, 0);
  const words = waitWords(wait(1, { ...told("closed"), opens_at: soon.toISOString() }), strings, "es");
  expect(words).toContain("Abrimos hoy a las");
  const later = new Date(soon.getTime() + 2 * 86_400_000).toISOString();
  expect(waitWords(wait(1, { ...told("closed"), opens_at: later }), strings, "es")).toMatch(/Abrimos el \S+ a las/);
});
