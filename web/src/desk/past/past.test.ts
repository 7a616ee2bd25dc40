import { expect, test } from "vitest";
import { message } from "../../testing/entities";
import type { Along } from "../asides.svelte";
import { pastOf } from "./past";

const at = (hour: number): string => `2026-11-20T${hour.toString().padStart(2, "0")}:00:00Z`;
const along = (over: Partial<Along> = {}): Along => ({ segments: [], transfers: [], consults: [], trail: [], ...over });
const segment = (id: string, ended_at: string | null = null): Along["segments"][number] => ({
  id,
  channel: "webchat",
  account: "Tienda",
  status: ended_at ? "closed" : "open",
  began_at: at(9),
  ended_at,
  queue: null,
  agent_id: null,
  outcome: null,
  outcome_names: null,
});
const step = (id: string, conversation_id: string, hour: number): Along["trail"][number] => ({
  id,
  conversation_id,
  kind: "search",
  text: "garantía",
  outcome: "unknown",
  reason: null,
  page: "",
  at: at(hour),
  article: null,
});

test("a conversation stands where it began and where it ended, as the latest answer says", () => {
  const pages = [along({ segments: [segment("c1")] }), along({ segments: [segment("c1", at(11))] })];
  expect(pastOf(pages, [], "c9").map(({ key, at: when }) => [key, when])).toEqual([
    ["begin-c1", Date.parse(at(9)) - 1],
    ["end-c1", Date.parse(at(11))],
  ]);
});

test("what was tried stands in blocks between what was written, of each conversation but the open one", () => {
  const messages = [message({ id: "m1", conversation_id: "c1", created_at: at(10) })];
  const pages = [
    along({ trail: [step("s1", "c1", 8), step("s2", "c1", 9), step("s3", "c1", 11), step("s4", "c9", 8)] }),
    along({ trail: [step("s3", "c1", 11)] }),
  ];
  const found = pastOf(pages, messages, "c9");
  expect(found.map((one) => one.steps?.map(({ id }) => id))).toEqual([["s1", "s2"], ["s3"]]);
});
