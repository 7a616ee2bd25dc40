import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { live } from "./desk.svelte";

/** What the server answers, by the path asked; a stream stays open and is written to by the test. */
const streams: { after: string; write: (text: string) => void }[] = [];
let position = 0;
let answers = true;
let lead: (() => void) | undefined;

function stream(after: string): Response {
  let to: ReadableStreamDefaultController<Uint8Array> | undefined;
  const body = new ReadableStream<Uint8Array>({ start: (controller) => void (to = controller) });
  streams.push({ after, write: (text) => to?.enqueue(new TextEncoder().encode(text)) });
  return new Response(body);
}

function answer(address: string, init: RequestInit): Response {
  if (address.endsWith("/live")) return stream(new Headers(init.headers).get("Last-Event-ID") ?? "");
  if (!answers) return new Response("", { status: 503 });
  if (address.endsWith("/snapshot")) return Response.json({ position });
  return Response.json({ items: [], next_cursor: null });
}

/** The other tab of the browser, which leads until the test lets it go. */
class Channel {
  static mine: Channel | undefined;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  constructor() {
    Channel.mine = this;
  }
  postMessage(): void {
    // nobody listens
  }
  close(): void {
    Channel.mine = undefined;
  }
}

const tell = (id: number): void =>
  Channel.mine?.onmessage?.({
    data: { kind: "event", event: { id, type: "task.changed", data: {} }, previous: id - 1 },
  });
const write = (id: number): void =>
  streams.at(-1)?.write(`id: ${id.toString()}\nevent: task.changed\ndata: {"type":"task.changed","data":{}}\n\n`);

beforeEach(() => {
  streams.length = 0;
  answers = true;
  vi.stubGlobal("fetch", (address: string, init: RequestInit) => Promise.resolve(answer(address, init)));
  vi.stubGlobal("BroadcastChannel", Channel);
  vi.stubGlobal("navigator", {
    locks: {
      request: (_: string, __: unknown, work: () => Promise<void>) =>
        new Promise<void>((resolve, reject) => {
          lead = () => void work().then(resolve, reject);
        }),
    },
  });
});

afterEach(() => {
  live.stop();
  vi.unstubAllGlobals();
});

test("a tab that takes over the stream goes on where it is itself, and hears nothing twice", async () => {
  position = 3;
  const heard: number[] = [];
  const deaf = live.hear(({ id }) => heard.push(id));
  live.start("ana", () => Promise.resolve());
  await vi.waitFor(() => {
    expect(live.ready).toBe(true);
  }, 20_000);
  tell(4);
  tell(5);
  lead?.();
  await vi.waitFor(() => {
    expect(streams.map(({ after }) => after)).toEqual(["5"]);
  }, 20_000);
  write(5); // as from a tab that was behind
  write(6);
  await vi.waitFor(() => {
    expect(heard).toEqual([4, 5, 6]);
  }, 20_000);
  deaf();
});

test("a snapshot that fails and comes in the end leaves the connection as the stream has it", async () => {
  position = 3;
  live.start("ana", () => Promise.resolve());
  await vi.waitFor(() => {
    expect(live.ready).toBe(true);
  }, 20_000);
  lead?.();
  await vi.waitFor(() => {
    expect(live.connection).toBe("open");
  }, 20_000);
  answers = false;
  streams.at(-1)?.write("id: 9\nevent: reset\ndata: {}\n\n");
  await vi.waitFor(() => {
    expect(live.connection).toBe("lost");
  }, 20_000);
  answers = true;
  await vi.waitFor(
    () => {
      expect(live.connection).toBe("open");
    },
    { timeout: 20_000 },
  );
});
