import { expect, test } from "vitest";
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
