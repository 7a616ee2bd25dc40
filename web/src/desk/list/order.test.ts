import { describe, expect, test } from "vitest";
import { conversation, matter } from "../../testing/entities";
import { belongs, reasonOf, whatHurtsFirst } from "./order";

const now = Date.parse("2026-11-23T14:00:00Z");
const before = (minutes: number): string => new Date(now - minutes * 60_000).toISOString();
const after = (minutes: number): string => before(-minutes);

describe("what hurts first", () => {
  const cases = {
    late: matter({ id: "late", promised_at: before(10) }),
    soon: matter({ id: "soon", promised_at: after(90) }),
    far: matter({ id: "far", promised_at: after(600) }),
    solved: matter({ id: "solved", promised_at: before(600), status: "resolved" }),
  };
  const given = [
    conversation({ id: "calm-old", case_id: "far", last_message_at: before(60) }),
    conversation({ id: "calm-new", case_id: "solved", last_message_at: before(5) }),
    conversation({ id: "snoozed", case_id: null, status: "snoozed", snoozed_until: after(30) }),
    conversation({ id: "waits-3", case_id: null, waiting_since: before(3) }),
    conversation({ id: "waits-40", case_id: null, waiting_since: before(40) }),
    conversation({ id: "soon", case_id: "soon", waiting_since: before(1) }),
    conversation({ id: "late", case_id: "late" }),
    conversation({ id: "failed", case_id: null, trouble: "failed" }),
  ];

  test("is broken, then promises, then the longest wait, then the rest", () => {
    expect(whatHurtsFirst(given, cases, now).map((placed) => placed.conversation.id)).toEqual([
      "failed",
      "late",
      "soon",
      "waits-40",
      "waits-3",
      "calm-new",
      "calm-old",
      "snoozed",
    ]);
  });

  test("does not depend on the order given", () => {
    const forwards = whatHurtsFirst(given, cases, now);
    expect(whatHurtsFirst([...given].reverse(), cases, now)).toEqual(forwards);
  });

  test("says why", () => {
    const said = whatHurtsFirst(given, cases, now).map((placed) => placed.reason.kind);
    expect(said.slice(0, 4)).toEqual(["failed", "promise-late", "promise-soon", "answer"]);
  });
});

test("what is closed stands in the order of its end, as the pages come", () => {
  const ended = [
    conversation({ id: "first", status: "closed", closed_at: before(50), last_message_at: before(55) }),
    conversation({ id: "last", status: "closed", closed_at: before(10), last_message_at: before(90) }),
  ];
  expect(whatHurtsFirst(ended, {}, now).map((placed) => placed.conversation.id)).toEqual(["last", "first"]);
});

test("a promise of a solved case presses nobody", () => {
  const solved = matter({ promised_at: before(60), status: "resolved" });
  expect(reasonOf(conversation(), solved, now)).toEqual({ kind: "none" });
});

describe("the lists", () => {
  test("mine are those assigned to me, also when snoozed", () => {
    expect(belongs(conversation({ assignee_id: "a1", status: "snoozed" }), "mine", "a1")).toBe(true);
    expect(belongs(conversation({ assignee_id: "a2" }), "mine", "a1")).toBe(false);
    expect(belongs(conversation({ assignee_id: null }), "mine", null)).toBe(false);
  });

  test("waiting are open, unanswered and nobody's", () => {
    const unanswered = { waiting_since: before(3) };
    expect(belongs(conversation(unanswered), "waiting", "a1")).toBe(true);
    expect(belongs(conversation(), "waiting", "a1")).toBe(false);
    expect(belongs(conversation({ ...unanswered, status: "snoozed" }), "waiting", "a1")).toBe(false);
    expect(belongs(conversation({ ...unanswered, assignee_id: "a2" }), "waiting", "a1")).toBe(false);
  });

  test("spam and closed stand in none of them, unless something failed", () => {
    expect(belongs(conversation({ spam: true }), "team", "a1")).toBe(false);
    expect(belongs(conversation({ spam: true }), "spam", "a1")).toBe(true);
    expect(belongs(conversation(), "spam", "a1")).toBe(false);
    expect(belongs(conversation({ status: "closed" }), "closed", "a1")).toBe(true);
    expect(belongs(conversation(), "closed", "a1")).toBe(false);
    expect(belongs(conversation({ status: "closed" }), "team", "a1")).toBe(false);
    expect(belongs(conversation({ status: "closed", trouble: "uncertain" }), "trouble", "a1")).toBe(true);
  });
});

describe("a promised reply", () => {
  const one = conversation({ id: "c", case_id: null, waiting_since: before(3) });
  const clock = (near: number, due: number) => ({
    id: "s",
    policy_id: "p",
    target: "first_reply" as const,
    conversation_id: "c",
    case_id: null,
    started_at: before(60),
    near_at: after(near),
    due_at: after(due),
    closed: [],
    left_s: null,
    state: "ok" as const,
    settled_at: null,
    version: 1,
  });

  test("is told when it is late or near, and not before", () => {
    expect(reasonOf(one, undefined, now, clock(-20, -5))).toEqual({ kind: "reply-late", at: now - 300_000 });
    expect(reasonOf(one, undefined, now, clock(-1, 5))).toEqual({
      kind: "reply-soon",
      at: now + 300_000,
      left: { ms: 300_000, open: false },
    });
    expect(reasonOf(one, undefined, now, clock(10, 20)).kind).toBe("answer");
  });

  test("goes before who has waited longer, when it is late", () => {
    const longer = conversation({ id: "b", case_id: null, waiting_since: before(90) });
    const placed = whatHurtsFirst([longer, one], {}, now, (id) => (id === "c" ? clock(-20, -5) : undefined));
    expect(placed.map(({ conversation: { id } }) => id)).toEqual(["c", "b"]);
  });
});
