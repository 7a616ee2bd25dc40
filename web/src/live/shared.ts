/**
 * One stream for all tabs of a browser profile: browsers allow six connections per host. The tab that holds
 * a Web Lock follows the stream and tells the others; when it closes, the next takes over from its own place.
 */
import type { DeskEvent } from "./state";
import { follow, type Connection, type Listener, type Place } from "./stream";

type Told =
  | { kind: "event"; event: DeskEvent; previous: number }
  | { kind: "ephemeral"; type: string; data: unknown }
  | { kind: "connection"; connection: Connection; position: number }
  | { kind: "reset" }
  | { kind: "hello" };

export interface Follower extends Listener {
  /** The place up to which the tab knows all by now, once it has a snapshot. */
  knownTo: () => Promise<number>;
  /** The stream has come to this place: whoever is behind it has missed something. */
  reached: (position: number) => void;
}

/** Starts following for one user; call the result to stop. */
export function followTogether(userId: string, follower: Follower): () => void {
  const name = `trato-live-${userId}`;
  const channel = new BroadcastChannel(name);
  const stop = new AbortController();
  const place: Place = { position: 0 };
  let leading = false;
  let connection: Connection = "connecting";
  const tell = (told: Told): void => {
    if (!stop.signal.aborted) channel.postMessage(told);
  };

  const lead: Listener = {
    event: (event, previous) => {
      tell({ kind: "event", event, previous });
      follower.event(event, previous);
    },
    ephemeral: (type, data) => {
      tell({ kind: "ephemeral", type, data });
      follower.ephemeral(type, data);
    },
    reset: () => {
      tell({ kind: "reset" });
      follower.reset();
    },
    connection: (now) => {
      connection = now;
      tell({ kind: "connection", connection, position: place.position });
      follower.connection(now);
    },
    refused: follower.refused,
  };

  channel.onmessage = ({ data }: MessageEvent<Told>) => {
    if (!leading) hear(data, follower);
    else if (data.kind === "hello") tell({ kind: "connection", connection, position: place.position });
  };
  tell({ kind: "hello" });

  navigator.locks
    .request(name, { signal: stop.signal }, async () => {
      place.position = await follower.knownTo();
      leading = true;
      await follow(place, lead, stop.signal);
    })
    .catch((error: unknown) => {
      if (!stop.signal.aborted) throw error;
    });

  return () => {
    stop.abort();
    channel.close();
  };
}

/** What a tab that does not lead makes of what the leader tells. */
export function hear(told: Told, follower: Omit<Follower, "knownTo">): void {
  switch (told.kind) {
    case "event":
      follower.event(told.event, told.previous);
      break;
    case "ephemeral":
      follower.ephemeral(told.type, told.data);
      break;
    case "connection":
      follower.connection(told.connection);
      follower.reached(told.position);
      break;
    case "reset":
      follower.reset();
      break;
    case "hello":
      break;
  }
}
