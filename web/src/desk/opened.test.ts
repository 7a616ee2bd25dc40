import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import { Problem } from "../api/problem";
import { speak } from "../i18n/index.svelte";
import { conversation } from "../testing/entities";
import { opened } from "./opened.svelte";

const server = vi.hoisted(() => ({ open: vi.fn(), timeline: vi.fn() }));
vi.mock("../api/desk", () => ({ desk: server }));
// The desk as after a snapshot that did not hold the conversation: more is open than one carries.
vi.mock("../access/session.svelte", () => ({ me: { agentId: "a1" } }));
vi.mock("../live/desk.svelte", () => ({
  live: { state: { conversations: {}, contacts: {}, messages: {}, interactions: {} }, merge: () => undefined },
}));

beforeAll(() => speak("es"));

beforeEach(() => {
  const contact = { id: "p1" };
  server.open.mockResolvedValue({ conversation: conversation(), contact, participants: [], messages: [] });
  server.timeline.mockResolvedValue({ items: [], conversations: [], later: false, target: null, interactions: [], next_cursor: null });
});

test("a snapshot that leaves the open conversation out takes nothing off the screen", async () => {
  opened.id = "c1";
  await opened.fetch();
  expect(opened.conversation).toEqual(conversation());
  server.open.mockRejectedValueOnce(new Problem(0));
  await opened.fetch();
  expect(opened.conversation).toEqual(conversation());
});

test("what one may no longer see goes, and is not shown in place of another", async () => {
  opened.id = "c1";
  await opened.fetch();
  opened.id = "c2";
  expect(opened.conversation).toBeUndefined();
  opened.id = "c1";
  server.open.mockRejectedValueOnce(new Problem(404));
  await opened.fetch();
  expect(opened.conversation).toBeUndefined();
  expect(opened.error).not.toBe("");
});

test("when two people are joined the latest stretch is asked for whole, not only what came behind it", async () => {
  opened.open("c1");
  await opened.fetch();
  server.timeline.mockClear();
  await opened.again();
  expect(server.timeline).toHaveBeenCalledExactlyOnceWith("p1", {}, expect.any(AbortSignal));
});

test("who goes past a conversation takes back what was asked of it; what is looked at settles", async () => {
  vi.useFakeTimers();
  server.open.mockClear();
  opened.open("c4");
  await vi.advanceTimersByTimeAsync(100);
  const [, asked] = server.open.mock.calls[0] as [string, AbortSignal];
  opened.open("c5");
  expect(asked.aborted).toBe(true);
  vi.advanceTimersByTime(100);
  expect(opened.settled).toBe(false);
  vi.advanceTimersByTime(50);
  expect(opened.settled).toBe(true);
  opened.close();
  expect(opened.settled).toBe(false);
  vi.useRealTimers();
});
