import { beforeEach, expect, test } from "vitest";
import { above, EMPTY, keepDraft, modeToBegin, readDraft, textAbove, without, type Draft } from "./drafts";

const file = (id: string) => ({ id, filename: `${id}.pdf`, size: 10 });

beforeEach(() => {
  localStorage.clear();
});

test("a draft is found again, apart for each conversation", () => {
  keepDraft("c1", { ...EMPTY, text: "Pedro, ya está" });
  keepDraft("c2", { ...EMPTY, text: "Otra" });
  expect(readDraft("c1", "reply")).toEqual({ ...EMPTY, text: "Pedro, ya está" });
});

test("a note and a reply are two drafts", () => {
  keepDraft("c1", { ...EMPTY, mode: "note", text: "ojo, es difícil" });
  expect(readDraft("c1", "reply").text).toBe("");
  keepDraft("c1", { ...EMPTY, text: "Con gusto" });
  expect(readDraft("c1", "note")).toEqual({ ...EMPTY, mode: "note", text: "ojo, es difícil" });
  expect(readDraft("c1", "reply")).toEqual({ ...EMPTY, text: "Con gusto" });
});

test("a note that lies where a reply should is not one", () => {
  localStorage.setItem("trato.draft.c1", JSON.stringify({ mode: "note", text: "ojo" }));
  expect(readDraft("c1", "reply")).toEqual(EMPTY);
});

test("one begins with the note only when nothing else was begun", () => {
  const reply = { ...EMPTY, text: "Con gusto" };
  const note: Draft = { ...EMPTY, mode: "note", text: "ojo" };
  const nothing: Draft = { ...EMPTY, mode: "note" };
  expect(modeToBegin({ reply: EMPTY, note })).toBe("note");
  expect(modeToBegin({ reply, note })).toBe("reply");
  expect(modeToBegin({ reply: EMPTY, note: nothing })).toBe("reply");
});

test("an emptied draft leaves nothing behind", () => {
  keepDraft("c1", { ...EMPTY, text: "algo" });
  keepDraft("c1", { ...EMPTY, text: "  \n" });
  expect(readDraft("c1", "reply")).toEqual(EMPTY);
  expect(localStorage.length).toBe(0);
});

test("files are kept with the draft, also without a word", () => {
  keepDraft("c1", { ...EMPTY, files: [file("f1")] });
  expect(readDraft("c1", "reply").files).toEqual([file("f1")]);
  localStorage.setItem("trato.draft.c2", JSON.stringify({ text: "de antes" }));
  expect(readDraft("c2", "reply")).toEqual({ ...EMPTY, text: "de antes" });
});

test("when it has gone out, what was written behind it stays", () => {
  const sent = { ...EMPTY, text: "Llega el viernes.", cc: "a@b.c", files: [file("f1")] };
  expect(without(sent, sent)).toEqual(EMPTY);
  const more = { ...sent, text: "Llega el viernes. ¿Está bien?", files: [file("f1"), file("f2")] };
  expect(without(sent, more)).toEqual({ ...EMPTY, text: "¿Está bien?", files: [file("f2")] });
  expect(without(sent, { ...EMPTY, text: "Otra cosa" }).text).toBe("Otra cosa");
});

test("what could not go comes back above what was begun meanwhile", () => {
  const back = { ...EMPTY, text: "Llega el viernes.", cc: "a@b.c", files: [file("f1")] };
  expect(above(back, EMPTY)).toEqual(back);
  const both = above(back, { ...EMPTY, text: "¿Está bien?", files: [file("f2")] });
  expect(both.text).toBe("Llega el viernes.\n\n¿Está bien?");
  expect(both.files).toEqual([file("f1"), file("f2")]);
  expect(textAbove("uno", " dos ", " ")).toBe("uno dos");
});

test("something else under the name is an empty draft", () => {
  localStorage.setItem("trato.draft.c1", "{");
  expect(readDraft("c1", "reply")).toEqual(EMPTY);
});

test("a full storage does not break the typing", () => {
  const full = {
    setItem: () => {
      throw new DOMException("full", "QuotaExceededError");
    },
  } as unknown as Storage;
  expect(() => {
    keepDraft("c1", { ...EMPTY, text: "x" }, full);
  }).not.toThrow();
});
