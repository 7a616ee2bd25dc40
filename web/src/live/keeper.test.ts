import { expect, test } from "vitest";
import { conversation } from "../testing/entities";
import { Keeper } from "./keeper";
import type { DeskEvent, Entities } from "./state";

const event = (id: number): DeskEvent => ({
  id,
  type: "conversation.changed",
  data: { conversation: conversation({ id: "c1", version: id, preview: id.toString() }) },
});

/** A server whose log grows; snapshots are answered when the test says so. */
class Server {
  at = 0;
  asked: (() => void)[] = [];

  snapshot = (): Promise<Entities & { position: number }> => {
    const position = this.at;
    const conversations = position
      ? [conversation({ id: "c1", version: position, preview: position.toString() })]
      : [];
    return new Promise((resolve) =>
      this.asked.push(() => {
        resolve({ position, conversations });
      }),
    );
  };

  async answer(): Promise<void> {
    this.asked.shift()?.();
    await new Promise((resolve) => setTimeout(resolve));
  }
}

function keeper(server: Server): Keeper {
  return new Keeper(server.snapshot, () => undefined);
}

test("events that arrive during a snapshot are applied after it", async () => {
  const server = new Server();
  server.at = 3;
  const desk = keeper(server);
  void desk.snapshot();
  desk.receive(event(3), 2);
  desk.receive(event(4), 3);
  await server.answer();
  expect(desk.state.position).toBe(4);
  expect(desk.state.conversations["c1"]?.preview).toBe("4");
});

test("a gap takes a new snapshot and loses neither what is in it nor what follows", async () => {
  const server = new Server();
  server.at = 3;
  const desk = keeper(server);
  void desk.snapshot();
  await server.answer();
  server.at = 5;
  desk.receive(event(6), 5);
  desk.receive(event(7), 6);
  expect(desk.state.position).toBe(3);
  await server.answer();
  expect(desk.state.position).toBe(7);
});

test("a gap hidden among held events is seen when they are applied", async () => {
  const server = new Server();
  const desk = keeper(server);
  void desk.snapshot();
  desk.receive(event(9), 8);
  await server.answer();
  expect(server.asked).toHaveLength(1);
  server.at = 9;
  await server.answer();
});

test("one snapshot under way serves everybody", () => {
  const server = new Server();
  const desk = keeper(server);
  void desk.snapshot();
  void desk.snapshot();
  desk.reached(50);
  expect(server.asked).toHaveLength(1);
});

test("a tab behind the stream takes a snapshot even when nothing more happens", async () => {
  const server = new Server();
  const desk = keeper(server);
  void desk.snapshot();
  await server.answer();
  server.at = 6;
  desk.reached(6);
  await server.answer();
  expect(desk.state.position).toBe(6);
});

test("what is held for a snapshot under way counts as known: nobody needs to tell it again", async () => {
  const server = new Server();
  server.at = 3;
  const desk = keeper(server);
  void desk.snapshot();
  await server.answer();
  server.at = 5;
  desk.receive(event(6), 5);
  expect(desk.position).toBe(6);
  await server.answer();
  expect(desk.position).toBe(6);
});
