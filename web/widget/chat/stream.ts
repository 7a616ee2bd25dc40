/** Server-sent events by fetch, since EventSource cannot carry a bearer token; comes back by itself. */
import type { Message, Standing, Wait } from "../types";
import type { Api } from "./api";
import { Problem } from "./api";

/** The server pings each 15 s; a stream that is silent for longer than this is dead. */
const SILENCE_MS = 40_000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 20_000;

/** What the stream says: exactly one of the fields. */
export interface News {
  message?: Message;
  conversation?: Standing;
  typing?: { name: string };
  wait?: Wait | null;
}

export interface StreamHooks {
  /** The position to go on from. */
  position(): number;
  news(news: News, position: number | undefined): void;
  /** The log does not reach back to our position: take a new snapshot. */
  reset(): void;
  /** The token is not accepted any more. */
  refused(): void;
  online(online: boolean): void;
}

/** One server-sent event (WHATWG HTML 9.2.6). */
export interface Frame {
  id: string | null;
  event: string;
  data: string;
}

/** Keeps a stream open until the signal says stop. */
export async function follow(api: Api, hooks: StreamHooks, stop: AbortSignal): Promise<void> {
  let waitMs = FIRST_WAIT_MS;
  while (!stop.aborted) {
    try {
      await readOnce(api, hooks, stop, () => {
        waitMs = FIRST_WAIT_MS;
      });
    } catch (error) {
      if (stop.aborted) return;
      if (error instanceof Problem && error.status === 401) {
        hooks.refused();
        return;
      }
      hooks.online(false);
      if (error instanceof Problem) waitMs = Math.max(waitMs, error.retryAfterMs);
    }
    await pause(waitMs * (0.5 + Math.random()), stop); // spread, so that a restart is not stormed
    waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS);
  }
}

async function readOnce(api: Api, hooks: StreamHooks, stop: AbortSignal, alive: () => void): Promise<void> {
  const abort = new AbortController();
  const end = () => {
    abort.abort();
  };
  let watchdog = setTimeout(end, SILENCE_MS);
  stop.addEventListener("abort", end);
  try {
    const response = await api.request("GET", "live", {
      headers: { Accept: "text/event-stream", "Last-Event-ID": String(hooks.position()) },
      signal: abort.signal,
    });
    if (!response.body) throw new Problem(0, "unreachable", "no body");
    const frames = frameReader((frame) => {
      take(frame, hooks);
    });
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      clearTimeout(watchdog);
      watchdog = setTimeout(end, SILENCE_MS);
      hooks.online(true);
      alive();
      frames(part.value);
    }
  } finally {
    clearTimeout(watchdog);
    stop.removeEventListener("abort", end);
    abort.abort();
  }
}

function take(frame: Frame, hooks: StreamHooks): void {
  if (frame.event === "reset") {
    hooks.reset();
    return;
  }
  const { data } = frame.data ? (JSON.parse(frame.data) as { data: News }) : { data: {} }; // a ping names the place only
  hooks.news(data, frame.id === null ? undefined : Number(frame.id));
}

/** Returns a function that takes text in any pieces and calls back for each whole event. */
export function frameReader(take: (frame: Frame) => void): (text: string) => void {
  let rest = "";
  let frame: Frame = { id: null, event: "message", data: "" };
  return (text) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const raw of lines) {
      const line = raw.endsWith("\r") ? raw.slice(0, -1) : raw;
      if (line === "") {
        if (frame.data || frame.id) take({ ...frame, data: frame.data.slice(0, -1) });
        frame = { id: null, event: "message", data: "" };
        continue;
      }
      const colon = line.indexOf(":");
      if (colon === 0) continue; // a comment
      const field = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
      if (field === "data") frame.data += `${value}\n`;
      else if (field === "event") frame.event = value;
      else if (field === "id") frame.id = value;
    }
  };
}

/** Waits; shorter when the network comes back or the stop signal comes. */
function pause(ms: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener("online", done);
      stop.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    addEventListener("online", done);
    stop.addEventListener("abort", done);
  });
}
