import { expect, test } from "vitest";
import { EMPTY, type Draft } from "./drafts";
import { messageOf } from "./message";

const words = {
  badAddress: (address: string) => `bad ${address}`,
  tooLong: (max: string) => `max ${max}`,
  unfilled: (place: string) => `unfilled ${place}`,
};
const make = (draft: Partial<Draft>, files: string[] = [], max?: number) =>
  messageOf({ ...EMPTY, ...draft }, files, max, words);

test("nothing written and nothing attached is not sent", () => {
  expect(make({ text: " \n" })).toEqual({ kind: "empty" });
  expect(make({ text: "" }, ["f1"]).kind).toBe("ready");
});

test("a reply carries its copies, a note carries none", () => {
  const draft = { text: " Ya está ", cc: "ana@x.example", bcc: "", replyAll: true };
  expect(make(draft)).toMatchObject({
    kind: "ready",
    message: { text: "Ya está", kind: "reply", cc: ["ana@x.example"], reply_all: true },
  });
  const note = make({ ...draft, mode: "note" });
  expect(note.kind === "ready" && note.message).not.toHaveProperty("cc");
  expect(note.kind === "ready" && note.message).not.toHaveProperty("reply_all");
});

test("what the channel cannot carry is said before it goes", () => {
  expect(make({ text: "12345" }, [], 4)).toEqual({ kind: "wrong", error: "max 4" });
  expect(make({ text: "hola", to: "ana" })).toEqual({ kind: "wrong", error: "bad ana" });
  expect(make({ text: "12345", mode: "note" }, [], 4).kind).toBe("ready");
});

test("each message has an id of its own", () => {
  const [one, other] = [make({ text: "a" }), make({ text: "a" })];
  expect(one.kind === "ready" && one.message.client_id).not.toBe(
    other.kind === "ready" && other.message.client_id,
  );
});

test("a place of a macro that nobody filled does not go out, and may stand in a note", () => {
  const text = "Está en {{case.step}}.";
  expect(make({ text })).toEqual({ kind: "wrong", error: "unfilled {{case.step}}" });
  expect(make({ text, mode: "note" }).kind).toBe("ready");
  expect(make({ text: "Escriba {{ nombre }} en la plantilla" }).kind).toBe("ready");
});
