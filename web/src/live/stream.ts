/** Follows `/api/v1/live` until told to stop: resumes after the last event seen, and backs off while it cannot. */
import { address } from "../api/client";
import { EventReader, type ServerEvent } from "./sse";
import type { DeskEvent } from "./state";

/** The server comments every 15 s; a stream silent for longer than this is dead. */
const SILENCE_MS = 40_000;
const LONGEST_PAUSE_MS = 15_000;

export type Connection = "connecting" | "open" | "lost";

/** Where in the log the stream has come to. */
export interface Place {
  position: number;
}

export interface Listener {
  /** The next event, and the place in the log that it follows. */
  event: (event: DeskEvent, previous: number) => void;
  ephemeral: (type: string, data: unknown) => void;
  /** The place in the log is older than what the server keeps. */
  reset: () => void;
  connection: (now: Connection) => void;
  /** The session has ended; resolves when it is back. */
  refused: () => Promise<void>;
}

/** How long to wait before the given attempt (from 1): doubling with jitter, so that not all return at once. */
export function pauseMs(attempt: number, random: number): number {
  return Math.min(LONGEST_PAUSE_MS, 500 * 2 ** (attempt - 1)) * (0.5 + random / 2);
}

/** Waits, but no longer than until the network is back. */
function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const over = new AbortController();
    const end = (): void => {
      clearTimeout(timer);
      over.abort();
      resolve();
    };
    const timer = setTimeout(end, durationMs);
    addEventListener("online", end, { signal: over.signal });
    signal.addEventListener("abort", end, { signal: over.signal });
  });
}

/** Hands one event on and returns the place reached. */
export function deliver(sent: ServerEvent, place: number, listener: Listener): number {
  if (sent.type === "reset") {
    listener.reset();
    return sent.id === null ? place : Number(sent.id);
  }
  if (sent.id === null) {
    const said = JSON.parse(sent.data) as { data: unknown };
    listener.ephemeral(sent.type, said.data);
  } else {
    const entry = JSON.parse(sent.data) as Omit<DeskEvent, "id">;
    const id = Number(sent.id);
    listener.event({ ...entry, id }, place);
    return id;
  }
  return place;
}

/** Reads one connection to its end; keeps the place reached. */
async function readOnce(place: Place, listener: Listener, signal: AbortSignal): Promise<void> {
  const silence = new AbortController(); // also when the network says that it is gone
  addEventListener(
    "offline",
    () => {
      silence.abort();
    },
    { signal: silence.signal },
  );
  let watch = setTimeout(() => {
    silence.abort();
  }, SILENCE_MS);
  try {
    const response = await fetch(address("/live"), {
      headers: { Accept: "text/event-stream", "Last-Event-ID": place.position.toString() },
      signal: AbortSignal.any([signal, silence.signal]),
      cache: "no-store",
    });
    if (response.status === 401) {
      await listener.refused();
      return;
    }
    if (!response.ok || !response.body) throw new Error(`live stream answered ${response.status.toString()}`);
    listener.connection("open");
    const reader = new EventReader();
    for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
      clearTimeout(watch);
      watch = setTimeout(() => {
        silence.abort();
      }, SILENCE_MS);
      for (const sent of reader.read(piece)) place.position = deliver(sent, place.position, listener);
    }
  } finally {
    silence.abort();
    clearTimeout(watch);
  }
}

/** Delivers every event after the given place, once and in order, until `signal` aborts. */
export async function follow(place: Place, listener: Listener, signal: AbortSignal): Promise<void> {
  let attempt = 0;
  while (!signal.aborted) {
    const before = place.position;
    try {
      await readOnce(place, listener, signal);
    } catch {
      // the network, a proxy or the server went away: the loop resumes where it was
    }
    if (signal.aborted) return;
    listener.connection("lost");
    attempt = place.position > before ? 1 : attempt + 1;
    await pause(pauseMs(attempt, Math.random()), signal);
  }
}
