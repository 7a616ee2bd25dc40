import { beforeEach, expect, test } from "vitest";
import { EMPTY, keepDraft, readDraft } from "./drafts";

beforeEach(() => {
  localStorage.clear();
});

test("a draft is found again, apart for each conversation", () => {
  keepDraft("c1", { ...EMPTY, text: "Pedro, ya está", mode: "note" });
  keepDraft("c2", { ...EMPTY, text: "Otra" });
  expect(readDraft("c1")).toEqual({ ...EMPTY, text: "Pedro, ya está", mode: "note" });
});

test("an emptied draft leaves nothing behind", () => {
  keepDraft("c1", { ...EMPTY, text: "algo" });
  keepDraft("c1", { ...EMPTY, text: "  \n" });
  expect(readDraft("c1")).toEqual(EMPTY);
  expect(localStorage.length).toBe(0);
});

test("something else under the name is an empty draft", () => {
  localStorage.setItem("trato.draft.c1", "{");
  expect(readDraft("c1")).toEqual(EMPTY);
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
