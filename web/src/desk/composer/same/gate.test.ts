import { expect, test } from "vitest";
import type { SameText } from "../../../api/composing";
import { Gate } from "./gate.svelte";

const TEXT = "El taller recibió su heladera y la revisa antes del viernes por la mañana.";
const answer = (people: number): SameText => ({ told: people >= 2, people, fields: [] });

test("a text that went to others is held back, and goes when whoever wrote it says so", async () => {
  const gate = new Gate(() => Promise.resolve(answer(2)));
  expect(await gate.before(TEXT)).toBe(false);
  expect(gate.said(TEXT)?.people).toBe(2);
  expect(gate.said(`${TEXT} Llega el 27.`)).toBeUndefined();
  gate.accept();
  expect(gate.said(TEXT)).toBeUndefined();
  expect(gate.before(TEXT)).toBe(true);
});

test("what was adapted is asked anew", async () => {
  const asked: string[] = [];
  const gate = new Gate((text) => {
    asked.push(text);
    return Promise.resolve(answer(text === TEXT ? 2 : 0));
  });
  await gate.before(TEXT);
  expect(await gate.before(`${TEXT} Caso 3322.`)).toBe(true);
  expect(asked).toEqual([TEXT, `${TEXT} Caso 3322.`]);
});

test("without an answer it goes, and is not asked for ever", async () => {
  let asked = 0;
  const gate = new Gate(() => {
    asked += 1;
    return Promise.reject(new Error("unreachable"));
  });
  expect(await gate.before(TEXT)).toBe(true);
  expect(gate.before(TEXT)).toBe(true);
  expect(asked).toBe(1);
});

test("pressed twice it goes once; a short text is never asked about", async () => {
  const gate = new Gate(() => Promise.resolve(answer(0)));
  const first = gate.before(TEXT);
  expect(gate.before(TEXT)).toBe(false);
  expect(await first).toBe(true);
  expect(gate.before("¡Hola! ¿Cómo está?")).toBe(true);
});
