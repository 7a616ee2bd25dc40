import { describe, expect, test } from "vitest";
import { conversation, message, presence } from "../testing/entities";
import { apply, fromSnapshot, merge, NOTHING, type DeskEvent, type DeskState } from "./state";

const later = (state: DeskState, events: readonly DeskEvent[]): DeskState => events.reduce(apply, state);

const history: DeskEvent[] = [
  { id: 1, type: "conversation.changed", data: { conversation: conversation({ id: "c1", version: 1 }) } },
  { id: 2, type: "message.created", data: { message: message({ id: "m1", version: 1, status: "queued" }) } },
  {
    id: 3,
    type: "conversation.changed",
    data: { conversation: conversation({ id: "c1", version: 2, preview: "dos" }) },
  },
  { id: 4, type: "message.changed", data: { message: message({ id: "m1", version: 2, status: "sent" }) } },
  { id: 5, type: "presence.changed", data: { presence: presence({ agent_id: "a1", load: 1 }) } },
  { id: 6, type: "conversation.changed", data: { conversation: conversation({ id: "c2", version: 1 }) } },
  {
    id: 7,
    type: "message.changed",
    data: { message: message({ id: "m1", version: 3, status: "delivered" }) },
  },
  { id: 8, type: "presence.changed", data: { presence: presence({ agent_id: "a1", load: 0 }) } },
];

const whole = later(NOTHING, history);

describe("a snapshot and the events after it", () => {
  test.each(history.map((event) => event.id))("taken at %d end in the same state", (position) => {
    const then = later(
      NOTHING,
      history.filter((event) => event.id <= position),
    );
    const snapshot = {
      position,
      conversations: Object.values(then.conversations),
      presences: Object.values(then.presences),
      messages: Object.values(then.messages),
    };
    expect(later(fromSnapshot(snapshot), history)).toEqual(whole);
  });

  test("survive a repeated stream", () => {
    expect(later(whole, history)).toBe(whole);
  });
});

describe("an answer that overtakes its events", () => {
  test("is not undone by the older ones", () => {
    const ahead = merge(NOTHING, { message: message({ id: "m1", version: 3, status: "delivered" }) });
    expect(later(ahead, history.slice(0, 4)).messages["m1"]?.status).toBe("delivered");
  });

  test("that brings nothing new changes nothing, so that nobody draws or asks anew", () => {
    expect(merge(whole, { messages: Object.values(whole.messages).map((one) => ({ ...one })) })).toBe(whole);
    expect(merge(whole, { tasks: [] })).toBe(whole);
  });

  test("does not move the position, so that nothing is skipped", () => {
    expect(merge(whole, { conversation: conversation({ id: "c9" }) }).position).toBe(8);
  });
});

test("unknown event types move the position and nothing else", () => {
  const next = apply(whole, { id: 9, type: "something.new", data: {} });
  expect(next).toEqual({ ...whole, position: 9 });
});

test("a new snapshot drops what is open no longer, and keeps what is on the screen", () => {
  const before = merge(whole, { conversation: conversation({ id: "closed", status: "closed" }) });
  const next = fromSnapshot({ position: 20, conversations: [] }, before);
  expect(Object.keys(next.conversations)).toEqual(["closed"]);
  expect(next.messages["m1"]?.status).toBe("delivered");
});
