/** The living state of the desk: one snapshot, then events; what is fetched meanwhile is merged in. */
import { desk as api, type Counts, type Snapshot } from "../api/desk";
import { Keeper } from "./keeper";
import { followTogether } from "./shared";
import { promises, type Clock } from "./promises.svelte";
import { merge, NOTHING, type DeskEvent, type DeskState, type Entities, type Tagged } from "./state";
import type { Connection } from "./stream";

const TYPING_MS = 6_000;
/** Counts that only the server knows are asked for no more often than this. */
const RECOUNT_MS = 3_000;

interface Typing {
  name: string;
  who: "contact" | "agent";
  until: number;
}

let state = $state.raw<DeskState>(NOTHING);
let stream = $state<Connection>("connecting");
/** The last try for a snapshot failed, whatever the stream says. */
let unanswered = $state(false);
let epoch = $state(0);
let knownAt = $state<number | null>(null);
let typing = $state.raw<Readonly<Record<string, Typing>>>({});
let tagged = $state.raw<Tagged | undefined>();
let counts = $state.raw<Counts | null>(null);
let recounting: ReturnType<typeof setTimeout> | undefined;
let keeper: Keeper | undefined;
let stopFollowing: (() => void) | undefined;
let hearing: readonly ((event: DeskEvent) => void)[] = [];
type Overhear = (type: string, data: unknown) => void;
let overhearing: readonly Overhear[] = [];

/**
 * Events that follow each other closely are shown together: the first at once, the rest a tenth of a second later.
 * What somebody did here is shown at once, with all that came before it.
 */
const TOGETHER_MS = 100;
let shownAt = 0;
let showing: ReturnType<typeof setTimeout> | undefined;
let told: Clock[] = [];

function show(next: DeskState): void {
  clearTimeout(showing);
  showing = undefined;
  shownAt = performance.now();
  state = next;
  promises.hear(told);
  told = [];
}

function showSoon(): void {
  if (showing !== undefined) return;
  const now = (): void => {
    if (keeper) show(keeper.state);
  };
  const pauseMs = shownAt + TOGETHER_MS - performance.now();
  if (pauseMs > 0) showing = setTimeout(now, pauseMs);
  else now();
}

/** Asks for a snapshot until there is one. */
async function takeSnapshot(): Promise<Snapshot> {
  for (let pauseMs = 1_000; ; pauseMs = Math.min(15_000, pauseMs * 2)) {
    try {
      const taken = await api.snapshot();
      counts = taken.truncated ? taken.counts : null;
      unanswered = false;
      return taken;
    } catch {
      unanswered = true;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}

function ephemeral(type: string, data: unknown): void {
  for (const overhear of overhearing) overhear(type, data);
  if (type !== "typing") return;
  const sign = data as { conversation_id: string; who: Typing["who"]; name: string };
  const now = Date.now();
  const still = Object.entries(typing).filter(([, { until }]) => until > now);
  typing = { ...Object.fromEntries(still), [sign.conversation_id]: { ...sign, until: now + TYPING_MS } };
}

/** Whoever has said it is no longer writing it. */
function said({ type, data }: DeskEvent): void {
  const message = type === "message.created" ? data.message : undefined;
  const sign = message && typing[message.conversation_id];
  if (!sign || (sign.who === "contact") !== (message.direction === "in")) return;
  typing = Object.fromEntries(Object.entries(typing).filter(([id]) => id !== message.conversation_id));
}

/** Has the server count again, a little after what just happened; one that fails comes with the next event. */
function recount(): void {
  if (!state.truncated) return;
  recounting ??= setTimeout(() => {
    recounting = undefined;
    api
      .counts()
      .then((found) => {
        if (state.truncated) counts = found;
      })
      .catch(() => undefined);
  }, RECOUNT_MS);
}

/** Shows what was known last, until the server answers; then keeps it up. */
async function fromBefore(userId: string, kept: Keeper): Promise<void> {
  if (!navigator.serviceWorker?.controller) return;
  const { recall } = await import("../offline/known");
  const known = await recall(userId);
  if (!known || keeper !== kept || epoch > 0) return;
  kept.update(() => known.state);
  knownAt = known.at;
  epoch += 1;
}

function start(userId: string, refused: () => Promise<void>): void {
  stop();
  const kept = new Keeper(takeSnapshot, (next, by) => {
    if (keeper !== kept) return;
    if (by === "event") showSoon();
    else show(next);
    if (by !== "snapshot") return;
    knownAt = null;
    epoch += 1;
    promises.fetch().catch(() => undefined); // the next snapshot asks again
  });
  keeper = kept;
  void fromBefore(userId, kept).catch(() => undefined);
  const first = kept.snapshot();
  stopFollowing = followTogether(userId, {
    knownTo: () => first.then(() => kept.position),
    event: (event, previous) => {
      if (event.id <= kept.position) return; // told again by a tab that was behind, or in the snapshot: not news
      said(event);
      for (const hear of hearing) hear(event);
      if (event.data.sla) told.push(event.data.sla);
      if (event.data.tagged) tagged = event.data.tagged;
      kept.receive(event, previous);
      recount();
    },
    reached: (position) => {
      kept.reached(position);
    },
    reset: () => void kept.snapshot(),
    connection: (now) => (stream = now),
    ephemeral,
    refused,
  });
}

function stop(): void {
  stopFollowing?.();
  stopFollowing = undefined;
  keeper = undefined;
  told = [];
  show(NOTHING);
  counts = null;
  promises.forget();
  clearTimeout(recounting);
  recounting = undefined;
  epoch = 0;
  knownAt = null;
  stream = "connecting";
  unanswered = false;
}

export const live = {
  get state() {
    return state;
  },
  get connection(): Connection {
    return unanswered ? "lost" : stream;
  },
  get ready() {
    return epoch > 0;
  },
  /** Counts snapshots: what was fetched before the latest one may have missed events. */
  get epoch() {
    return epoch;
  },
  /** When what is shown was known, while the server has not answered yet; null when it has. */
  get knownAt() {
    return knownAt;
  },
  /** How many there are in each tab, by the server's count; null when all of it is held here. */
  get counts() {
    return counts;
  },
  /** What was tagged last. */
  get tagged() {
    return tagged;
  },
  /** Who is writing in a conversation at this moment. */
  typing(conversationId: string, now: number): Typing | undefined {
    const sign = typing[conversationId];
    return sign && sign.until > now ? sign : undefined;
  },
  /** Adds what an answer brought. */
  merge(entities: Entities): void {
    keeper?.update((known) => merge(known, entities));
  },
  /** Tells of each event that comes, until the result is called; for what the desk's state does not hold. */
  hear(hear: (event: DeskEvent) => void): () => void {
    hearing = [...hearing, hear];
    return () => (hearing = hearing.filter((other) => other !== hear));
  },
  /** The same for what is said once and kept nowhere, such as that somebody looks. */
  overhear(overhear: Overhear): () => void {
    overhearing = [...overhearing, overhear];
    return () => (overhearing = overhearing.filter((other) => other !== overhear));
  },
  /** Forgets what no screen needs. */
  change(how: (state: DeskState) => DeskState): void {
    keeper?.update(how);
  },
  start,
  stop,
};
