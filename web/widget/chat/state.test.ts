import { describe, expect, test } from "vitest";
import type { Conversation, Message, Pending, Session } from "../types";
import { type Action, initial, reduce, type State, unread } from "./state";

const at = (minute: number) => `2026-11-23T15:${String(minute).padStart(2, "0")}:00Z`;

function message(id: string, minute: number, change: Partial<Message> = {}): Message {
  return {
    id,
    conversation_id: "c1",
    mine: false,
    author: "Sofía",
    text: id,
    marks: false,
    at: at(minute),
    client_id: null,
    version: 1,
    asks: null,
    attachments: [],
    ...change,
  };
}

const conversation: Conversation = {
  id: "c1",
  status: "open",
  agent: null,
  beside: [],
  waiting: true,
  agent_read_at: null,
  contact_read_at: null,
};

function session(change: Partial<Session> = {}, messages: Message[] = []): Session {
  return {
    token: "t",
    visitor_id: "v1",
    identified: false,
    identity_problem: null,
    greeting: { name: "", case: null, brand: "Tienda", text: null },
    preference: { prefers: "unknown", channel: null, tone: null },
    channels: [],
    email: null,
    owner: null,
    people: "available",
    present: [],
    limits: { max_file_bytes: 10, max_text: 100, extensions: [] },
    transcript: false,
    trail: { shared: false, days: 30 },
    conversation: { ...conversation, messages },
    wait: null,
    incidents: [],
    position: 10,
    ...change,
  };
}

const pending = (client_id: string): Pending => ({ client_id, text: client_id, attachments: [], at: at(0), error: null });

const run = (actions: Action[], from: State = initial) => actions.reduce(reduce, from);
const ids = (state: State) => state.messages.map(({ id }) => id);

describe("messages", () => {
  test("stand in the order in which they were written, whatever order they come in", () => {
    const news = [message("b", 2), message("a", 1), message("d", 4), message("c", 3)];
    const state = run(news.map((one) => ({ type: "message", message: one })));
    expect(ids(state)).toEqual(["a", "b", "c", "d"]);
  });

  test("come once, however often they are told", () => {
    const one: Action = { type: "message", message: message("a", 1) };
    const state = run([one, one]);
    expect(ids(state)).toEqual(["a"]);
    expect(reduce(state, one)).toBe(state);
  });

  test("take the newer version and never go back to an older one", () => {
    const newer = message("a", 1, { version: 3, text: "new" });
    const state = run([
      { type: "message", message: message("a", 1) },
      { type: "message", message: newer },
      { type: "message", message: message("a", 1, { version: 2, text: "old" }) },
    ]);
    expect(state.messages).toEqual([newer]);
  });
});

describe("a snapshot", () => {
  test("keeps news that overtook it", () => {
    const early = message("b", 2);
    const state = run([
      { type: "session", session: session({}, [message("a", 1)]) },
      { type: "message", message: early, position: 12 },
      { type: "session", session: session({}, [message("a", 1)]) },
    ]);
    expect(ids(state)).toEqual(["a", "b"]);
  });

  test("and the news behind it make the same as a later snapshot", () => {
    const all = [message("a", 1), message("b", 2), message("c", 3, { version: 2 })];
    const followed = run([
      { type: "session", session: session({}, all.slice(0, 1)) },
      { type: "message", message: message("b", 2), position: 11 },
      { type: "message", message: message("c", 3), position: 12 },
      { type: "message", message: message("c", 3, { version: 2 }), position: 13 },
    ]);
    expect(followed).toEqual(run([{ type: "session", session: session({ position: 13 }, all) }]));
  });

  test("that the news of an end overtook does not open the conversation again", () => {
    const ended = { ...conversation, status: "closed", agent: null } as const;
    const state = run([
      { type: "session", session: session() },
      { type: "standing", standing: ended, position: 12 },
      { type: "session", session: session({ position: 11 }) },
    ]);
    expect([state.conversation?.status, state.conversation?.agent, state.position]).toEqual(["closed", null, 12]);
  });

  test("after a reset counts, however low its place in the log", () => {
    const state = run([
      { type: "session", session: session({ position: 900 }) },
      { type: "reset" },
      { type: "session", session: session({ position: 3 }) },
    ]);
    expect(state.position).toBe(3);
  });

  test("of another visitor leaves nothing of the one before", () => {
    const state = run([
      { type: "session", session: session({}, [message("a", 1)]) },
      { type: "session", session: session({ visitor_id: "v2", conversation: null }) },
    ]);
    expect(ids(state)).toEqual([]);
    expect(state.conversation).toBeNull();
  });
});

describe("what waits to be sent", () => {
  test("goes when the server shows it, by answer, by stream or by snapshot", () => {
    const mine = message("a", 1, { mine: true, client_id: "k1" });
    const before = run([
      { type: "session", session: session() },
      { type: "pending", pending: [pending("k1"), pending("k2")] },
    ]);
    const ways: Action[] = [
      { type: "message", message: mine },
      { type: "sent", message: mine, conversation, people: "busy", wait: null },
      { type: "session", session: session({}, [mine]) },
    ];
    for (const way of ways) {
      const after = reduce(before, way);
      expect(after.pending.map(({ client_id }) => client_id)).toEqual(["k2"]);
      expect(reduce(after, { type: "pending", pending: before.pending }).pending).toHaveLength(1);
    }
  });
});

describe("reading", () => {
  test("counts the answers after the mark, which only goes forward", () => {
    const begun = run([{ type: "session", session: session({}, [message("a", 1), message("b", 2, { mine: true }), message("c", 3)]) }]);
    expect(unread(begun)).toBe(2);
    const read = reduce(begun, { type: "read", at: at(1) });
    expect(unread(read)).toBe(1);
    expect(reduce(read, { type: "read", at: at(0) })).toBe(read);
  });

  test("does not count the answers of a conversation that is over, read or not", () => {
    const before = message("a", 1, { conversation_id: "c0" });
    expect(unread(run([{ type: "session", session: session({}, [before]) }]))).toBe(0);
    expect(unread(run([{ type: "session", session: session({}, [before, message("b", 2)]) }]))).toBe(1);
  });

  test("by the agent is not undone by older news", () => {
    const { conversation: none, ...rest } = session();
    const state = run([
      { type: "session", session: { ...rest, conversation: none } },
      { type: "standing", standing: { ...conversation, agent_read_at: at(5) } },
      { type: "standing", standing: { ...conversation, agent_read_at: at(4) } },
    ]);
    expect(state.conversation?.agent_read_at).toBe(at(5));
  });
});

test("an answer ends the writing that announced it", () => {
  const state = run([
    { type: "session", session: session() },
    { type: "typing", name: "Sofía" },
    { type: "message", message: message("a", 1) },
  ]);
  expect(state.typing).toBeNull();
});

test("news of an earlier answer does not end the writing of the next one", () => {
  const state = run([
    { type: "session", session: session() },
    { type: "message", message: message("a", 1) },
    { type: "typing", name: "Sofía" },
    { type: "message", message: message("a", 1, { version: 2 }) },
  ]);
  expect(state.typing).toBe("Sofía");
});

test("what was read while a snapshot was on its way stays read", () => {
  const before = session({}, [message("a", 1), message("b", 2)]);
  const state = run([
    { type: "session", session: before },
    { type: "read", at: at(2) },
    { type: "session", session: before },
  ]);
  expect(unread(state)).toBe(0);
});

test("a position never goes back", () => {
  const state = run([
    { type: "position", position: 20 },
    { type: "message", message: message("a", 1), position: 15 },
  ]);
  expect(state.position).toBe(20);
});

test("a question that was answered asks no more; who comes next has the same network", () => {
  const asked = message("a", 1, { asks: "resolved" });
  let state = reduce(initial, { type: "session", session: session({}, [asked]) });
  state = reduce(state, { type: "answered", id: "a" });
  state = reduce(state, { type: "message", message: asked });
  expect(state.messages.map(({ asks }) => asks)).toEqual([null]);
  state = reduce(reduce(state, { type: "online", online: false }), { type: "forget" });
  expect(state).toEqual({ ...initial, online: false });
});
