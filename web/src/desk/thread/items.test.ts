import { describe, expect, test } from "vitest";
import type { Message } from "../../api/shapes";
import { conversation, interaction, message } from "../../testing/entities";
import { itemsOf } from "./items";

const at = (day: number, hour: number): string => new Date(2026, 10, day, hour).toISOString();
const conversations = {
  mail: conversation({ id: "mail", channel: "email" }),
  chat: conversation({ id: "chat", channel: "webchat" }),
};

const read = (items: ReturnType<typeof itemsOf>): string[] =>
  items.map((item) => {
    if (item.kind === "mark") return `mark${item.day ? " day" : ""}${item.channel ? ` ${item.channel}` : ""}`;
    if (item.kind === "aside") return `aside ${item.key}`;
    if (item.kind === "call") return `call ${item.messages.map(({ id }) => id).join(" ")}`;
    if (item.kind === "fresh") return "fresh";
    return item.kind === "work" ? item.what : item.message.id;
  });

test("days and changes of channel are marked, a change on a new day once", () => {
  const messages = [
    message({ id: "m1", conversation_id: "mail", created_at: at(20, 9) }),
    message({ id: "m2", conversation_id: "mail", created_at: at(20, 10) }),
    message({ id: "m3", conversation_id: "chat", created_at: at(20, 11) }),
    message({ id: "m4", conversation_id: "mail", created_at: at(21, 9) }),
  ];
  expect(read(itemsOf(messages, [], conversations))).toEqual([
    "mark day",
    "m1",
    "m2",
    "mark webchat",
    "m3",
    "mark day email",
    "m4",
  ]);
});

test("messages come in the order in which they arrived, whatever order they are given in", () => {
  const messages = [3, 1, 2].map((hour) => message({ id: `m${hour.toString()}`, created_at: at(20, hour) }));
  expect(read(itemsOf(messages, [], {}))).toEqual(["mark day", "m1", "m2", "m3"]);
});

test("work stands where it happened: taken, and ended", () => {
  const work = interaction({ state: "ended", accepted_at: at(20, 9), ended_at: at(20, 12) });
  const messages = [message({ id: "m1", created_at: at(20, 10) })];
  expect(read(itemsOf(messages, [work], {}))).toEqual(["mark day", "accepted", "m1", "ended"]);
});

test("an offer that nobody took leaves no trace on the line, a refusal does", () => {
  expect(itemsOf([], [interaction({ state: "expired" })], {})).toEqual([]);
  const declined = interaction({ state: "declined", ended_at: at(20, 9) });
  expect(read(itemsOf([], [declined], {}))).toEqual(["mark day", "declined"]);
});

test("what colleagues did beside it stands where it happened", () => {
  const messages = [message({ id: "m1", created_at: at(20, 10) })];
  const given = { key: "t1", at: Date.parse(at(20, 9)) };
  expect(read(itemsOf(messages, [], {}, [given]))).toEqual(["mark day", "aside t1", "m1"]);
});

test("a message that was shown before the server had it keeps its place on the screen", () => {
  const [, pending] = itemsOf([message({ id: "pending", client_id: "k1" })], [], {});
  const [, stored] = itemsOf([message({ id: "m77", client_id: "k1" })], [], {});
  expect(stored?.key).toBe(pending?.key);
});

test("a subject is said where it is new, not with every answer to it", () => {
  const mail = (id: string, hour: number, subject: string, direction: "in" | "out" = "in") =>
    message({ id, conversation_id: "mail", created_at: at(20, hour), subject, direction });
  const items = itemsOf(
    [
      mail("m1", 9, "Pedido 5"),
      mail("m2", 10, "Re: Pedido 5", "out"),
      mail("m3", 11, "RE: re[2]: pedido 5"),
      mail("m4", 12, "Otra cosa"),
    ],
    [],
    conversations,
  );
  const said = items.map((item) => (item.kind === "message" ? item.subject : undefined));
  expect(said.filter((subject) => subject !== undefined)).toEqual(["Pedido 5", "", "", "Otra cosa"]);
});

test("what is left of a call is one thing, where it began; a note on it stays by itself", () => {
  const call = (id: string, hour: number, kind: Message["kind"]) =>
    message({ id, conversation_id: "call", kind, created_at: at(20, hour) });
  const messages = [
    message({ id: "m1", conversation_id: "chat", created_at: at(20, 8) }),
    call("leg", 9, "leg"),
    message({ id: "note", conversation_id: "call", direction: "internal", created_at: at(20, 10) }),
    call("recording", 11, "recording"),
    call("transcript", 12, "transcript"),
  ];
  const phone = { ...conversations, call: conversation({ id: "call", channel: "phone" }) };
  expect(read(itemsOf(messages, [], phone))).toEqual([
    "mark day",
    "m1",
    "mark phone",
    "call leg recording transcript",
    "note",
  ]);
});

describe("what is new to me", () => {
  const said = (id: string, hour: number, author_id: string) =>
    message({ id, author_id, created_at: at(20, hour) });
  const since = Date.parse(at(20, 9));

  test("begins with a mark, above that of its day; what I wrote myself is not new", () => {
    const first = said("m1", 9, "p1");
    const messages = [first, said("mine", 10, "a1"), said("m2", 11, "p1")];
    const items = itemsOf(messages, [], {}, [], { since, mine: "a1" });
    expect(read(items)).toEqual(["mark day", "m1", "mine", "fresh", "m2"]);
    const tomorrow = [first, message({ id: "m3", created_at: at(21, 9) })];
    expect(read(itemsOf(tomorrow, [], {}, [], { since, mine: "a1" }))).toEqual([
      "mark day",
      "m1",
      "fresh",
      "mark day",
      "m3",
    ]);
  });

  test("has no mark when nothing is, or when I never was here", () => {
    const messages = [said("m1", 9, "p1"), said("mine", 10, "a1")];
    expect(read(itemsOf(messages, [], {}, [], { since, mine: "a1" }))).not.toContain("fresh");
    expect(read(itemsOf(messages, [], {}, [], { since: null, mine: "a1" }))).not.toContain("fresh");
  });
});
