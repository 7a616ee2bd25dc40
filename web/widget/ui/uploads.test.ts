/** Files before the session, too many at once, and refused ones: each goes, or it is said why not. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Problem } from "../chat/api";
import type { Chat } from "../chat/chat";
import { es } from "../i18n/es";
import type { Attachment } from "../types";
import { Uploads } from "./uploads";

const limits = { max_file_bytes: 100, max_text: 10, extensions: ["png"] };
const kept = (file: File): Attachment => ({ id: file.name, filename: file.name, content_type: "image/png", size: 1 });
const png = (name: string) => new File(["x"], name);
const send = vi.fn<(file: File) => Promise<Attachment>>();

beforeEach(() => {
  vi.useFakeTimers();
  send.mockReset().mockImplementation((file) => Promise.resolve(kept(file)));
});
afterEach(() => { vi.useRealTimers(); });

function made(phase: "starting" | "ready" | "refused") {
  const state = { phase, limits };
  const explain = (error: unknown) => es.problems[error instanceof Problem ? error.kind : "other"] ?? "";
  const chat = { state, strings: es, upload: send, explain } as unknown as Chat;
  return { state, uploads: new Uploads(chat, "es", () => undefined) };
}

test("one that comes before the session is held, and looked at when it is there", async () => {
  const { state, uploads } = made("starting");
  uploads.attach([png("a.png"), png("b.exe")]);
  uploads.resume();
  expect(uploads.items.map(({ step }) => step)).toEqual(["held", "held"]);
  expect(uploads.problems).toEqual([]);
  expect(uploads.running).toBe(true);
  state.phase = "ready";
  uploads.resume();
  await vi.runAllTimersAsync();
  expect(uploads.attachments.map(({ id }) => id)).toEqual(["a.png"]);
  expect(uploads.problems).toEqual([es.wrongType("b.exe")]);
});

test("where the chat is refused nothing is held", () => {
  const { state, uploads } = made("starting");
  uploads.attach([png("a.png")]);
  state.phase = "refused";
  uploads.resume();
  expect(uploads.running).toBe(false);
});

test("too many at once wait as long as they are asked to, and then go by themselves", async () => {
  const { uploads } = made("ready");
  send.mockRejectedValueOnce(new Problem(429, "too-many", "", "", 10_000));
  uploads.attach([png("a.png")]);
  await vi.advanceTimersByTimeAsync(9_000);
  expect(uploads.items.map(({ step }) => step)).toEqual(["waits"]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(uploads.attachments).toHaveLength(1);
  expect(uploads.problems).toEqual([]);
});

test("in the end the limit says what it is, and only a lost connection speaks of the connection", async () => {
  const { uploads } = made("ready");
  send.mockImplementation((file) => Promise.reject(file.name === "a.png" ? new Problem(429, "too-many", "", "", 10_000) : new Problem(0, "unreachable", "")));
  uploads.attach([png("a.png"), png("b.png")]);
  await vi.runAllTimersAsync();
  expect(uploads.problems).toEqual([es.uploadFailed("b.png"), `a.png: ${es.problems["too-many"]}`]);
  expect(uploads.items).toEqual([]);
});

test("one that is taken away while it waits is not tried again", async () => {
  const { uploads } = made("ready");
  send.mockRejectedValue(new Problem(429, "too-many", "", "", 10_000));
  uploads.attach([png("a.png")]);
  await vi.advanceTimersByTimeAsync(0);
  uploads.remove(uploads.items[0]?.key ?? "");
  await vi.runAllTimersAsync();
  expect(send).toHaveBeenCalledTimes(1);
  expect(uploads.problems).toEqual([]);
});

test("of more than ten the rest is named", () => {
  const { uploads } = made("ready");
  uploads.attach(Array.from({ length: 12 }, (_, n) => png(`${n}.png`)));
  expect(uploads.items).toHaveLength(10);
  expect(uploads.problems).toEqual([es.tooManyFiles(10, "10.png y 11.png")]);
});
