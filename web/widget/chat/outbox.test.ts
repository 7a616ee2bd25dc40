import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Pending } from "../types";
import { Problem } from "./api";
import { Outbox } from "./outbox";
import { openStorage } from "./storage";

/** A server that answers as it is told, and remembers what arrived. */
class Server {
  arrived: string[] = [];
  answer: () => Promise<void> = () => Promise.resolve();

  send = async (message: Pending): Promise<void> => {
    this.arrived.push(message.text);
    await this.answer();
  };
}

const unreachable = () => Promise.reject(new Problem(0, "unreachable", "no network"));
let server: Server;
let outboxes: Outbox[];

function open(alone: (work: () => Promise<void>) => Promise<void> = (work) => work()): Outbox {
  const outbox = new Outbox(openStorage("shop", localStorage), {
    send: server.send,
    changed: () => undefined,
    alone,
    explain: (problem) => problem.kind,
  });
  outboxes.push(outbox);
  return outbox;
}

const waiting = (outbox: Outbox) => outbox.pending.map(({ text }) => text);

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
  server = new Server();
  outboxes = [];
});

afterEach(() => {
  for (const outbox of outboxes) outbox.stop();
  vi.useRealTimers();
});

describe("the outbox", () => {
  test("sends in order and keeps nothing that was taken", async () => {
    const outbox = open();
    for (const text of ["uno", "dos", "tres"]) outbox.add(text, [], new Date());
    await outbox.flush();
    expect(server.arrived).toEqual(["uno", "dos", "tres"]);
    expect(outbox.pending).toEqual([]);
  });

  test("keeps what the network did not take, in order, and sends it when it is back", async () => {
    server.answer = unreachable;
    const outbox = open();
    outbox.add("uno", [], new Date());
    outbox.add("dos", [], new Date());
    await outbox.flush();
    expect(waiting(outbox)).toEqual(["uno", "dos"]);
    expect(server.arrived).not.toContain("dos");

    server.answer = () => Promise.resolve();
    server.arrived = [];
    await vi.advanceTimersByTimeAsync(60_000);
    expect(server.arrived).toEqual(["uno", "dos"]);
    expect(outbox.pending).toEqual([]);
  });

  test("survives a reload, with the same ids", async () => {
    server.answer = unreachable;
    const before = open();
    before.add("uno", [], new Date());
    await before.flush();
    const [kept] = before.pending;
    before.stop();

    server.answer = () => Promise.resolve();
    const after = open();
    expect(after.pending).toEqual([kept]);
    await after.flush();
    expect(after.pending).toEqual([]);
  });

  test("sets aside what the server refuses, says why, and goes on with the next", async () => {
    server.answer = () =>
      server.arrived.at(-1) === "mal" ? Promise.reject(new Problem(422, "invalid", "no")) : Promise.resolve();
    const outbox = open();
    outbox.add("mal", [], new Date());
    outbox.add("bien", [], new Date());
    await outbox.flush();
    expect(outbox.pending.map(({ text, error }) => [text, error])).toEqual([["mal", "invalid"]]);

    await outbox.flush();
    expect(server.arrived).toEqual(["mal", "bien"]); // not again by itself

    server.answer = () => Promise.resolve();
    outbox.retry(outbox.pending[0]?.client_id ?? "");
    await outbox.flush();
    expect(outbox.pending).toEqual([]);
  });

  test("waits as long as the server asks", async () => {
    server.answer = () => Promise.reject(new Problem(429, "too-many", "slow", "", 45_000));
    const outbox = open();
    outbox.add("uno", [], new Date());
    await outbox.flush();
    server.answer = () => Promise.resolve();
    await vi.advanceTimersByTimeAsync(44_000);
    expect(server.arrived).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(server.arrived).toHaveLength(2);
  });

  test("of two tabs sends each message once", async () => {
    let turn = Promise.resolve();
    const alone = (work: () => Promise<void>) => (turn = turn.then(work));
    const one = open(alone);
    const other = open(alone);
    one.add("uno", [], new Date());
    await Promise.all([one.flush(), other.flush()]);
    expect(server.arrived).toEqual(["uno"]);
  });

  test("keeps the last answer to a question, in its turn", async () => {
    server.answer = unreachable;
    const outbox = open();
    outbox.answer("m1", true, new Date());
    outbox.add("y otra cosa", [], new Date());
    outbox.answer("m1", false, new Date());
    expect(outbox.pending.map(({ text, answers }) => [text, answers])).toEqual([
      ["y otra cosa", undefined],
      ["", { message: "m1", solved: false }],
    ]);
    await outbox.flush();
  });

  test("works where the browser forbids storage", async () => {
    const outbox = new Outbox(openStorage("shop", null), {
      send: server.send,
      changed: () => undefined,
      alone: (work) => work(),
      explain: () => "",
    });
    outbox.add("uno", [], new Date());
    expect(waiting(outbox)).toEqual(["uno"]);
    await outbox.flush();
    expect(server.arrived).toEqual(["uno"]);
  });
});
