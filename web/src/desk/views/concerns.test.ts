import { expect, test } from "vitest";
import { conversation } from "../../testing/entities";
import { settled, toAsk, touched } from "./concerns";

const known = {
  c1: conversation({ id: "c1", case_id: "k1" }),
  c2: conversation({ id: "c2", case_id: "k1" }),
  c3: conversation({ id: "c3", case_id: null }),
};
const tagged = (about: string, id: string): { data: object } => ({ data: { tagged: { about, id, tags: [] } } });

test("what happens to a conversation is asked of it alone, what happens to a case of all that hang on it", () => {
  expect(toAsk(touched({ data: { conversation: conversation({ id: "new" }) } }), known)).toEqual(["new"]);
  expect(toAsk(touched(tagged("conversation", "c3")), known)).toEqual(["c3"]);
  expect(toAsk(touched(tagged("case", "k1")), known)).toEqual(["c1", "c2"]);
  expect(toAsk(touched({ data: {} }), known)).toEqual([]);
});

test("who was asked about stands in it only when the answer says so; the others stay", () => {
  expect([...settled(new Set(["c1", "c2"]), ["c2", "c3"], ["c3"])]).toEqual(["c1", "c3"]);
});
