import { expect, test } from "vitest";
import { deliver, pauseMs } from "./stream";

test("pauses double, stay within 15 s and are spread", () => {
  expect([1, 2, 3].map((attempt) => pauseMs(attempt, 1))).toEqual([500, 1000, 2000]);
  expect(pauseMs(30, 1)).toBe(15_000);
  expect(pauseMs(3, 0)).toBe(1000);
});

test("what is not kept is handed on as the server says it, and moves no place", () => {
  const said: unknown[] = [];
  const listener = {
    event: () => undefined,
    ephemeral: (type: string, data: unknown) => said.push([type, data]),
    reset: () => undefined,
    connection: () => undefined,
    refused: () => Promise.resolve(),
  };
  const typing = { conversation_id: "c", who: "contact", name: "Ana" };
  const data = JSON.stringify({ type: "typing", data: typing });
  expect(deliver({ id: null, type: "typing", data }, 7, listener)).toBe(7);
  expect(said).toEqual([["typing", typing]]);
});
