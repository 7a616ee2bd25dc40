/**
 * What this browser knows of the desk when there is no network, or before the server has answered: the last session
 * and state, of one person, for half a day. Signing out forgets it. No token is in it.
 */
import type { Session } from "../api/session";
import { NOTHING, type ById, type DeskState } from "../live/state";

export interface Known {
  readonly userId: string;
  readonly session: Session;
  readonly state: DeskState;
  readonly at: number;
}

const NAME = "trato-known";
const STORE = "known";
const KEY = "last";
const GOOD_MS = 12 * 3_600_000;
/** All of it is copied each time, which holds the page: seldom, and when nobody is at it; whoever leaves is in time. */
const EVERY_MS = 60_000;
const SOON_MS = 5_000;
const MOST_MESSAGES = 2_000;

function done<Result>(asked: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    asked.onsuccess = () => {
      resolve(asked.result);
    };
    asked.onerror = () => {
      reject(asked.error ?? new Error("the store of this browser failed"));
    };
  });
}

async function store(mode: IDBTransactionMode): Promise<IDBObjectStore> {
  const opening = indexedDB.open(NAME, 1);
  opening.onupgradeneeded = () => {
    opening.result.createObjectStore(STORE);
  };
  return (await done(opening)).transaction(STORE, mode).objectStore(STORE);
}

/** What is known, when it is not too old; a browser that keeps nothing knows nothing. */
export async function recall(userId?: string, now = Date.now()): Promise<Known | undefined> {
  try {
    const found = (await done((await store("readonly")).get(KEY))) as Known | undefined;
    if (!found || now - found.at > GOOD_MS || (userId !== undefined && found.userId !== userId)) return undefined;
    return found;
  } catch {
    return undefined;
  }
}

export async function forget(): Promise<void> {
  try {
    await done((await store("readwrite")).delete(KEY));
  } catch {
    // There was nothing.
  }
}

/** The newest messages alone: what is older is read when there is a network. */
export function trimmed(state: DeskState, most = MOST_MESSAGES): DeskState {
  const all = Object.values(state.messages);
  if (all.length <= most) return state;
  const newest = all.sort((a, b) => b.created_at.localeCompare(a.created_at)).slice(0, most);
  const messages: ById<(typeof all)[number]> = Object.fromEntries(newest.map((one) => [one.id, one]));
  return { ...state, messages };
}

async function keep(session: Session, state: DeskState): Promise<void> {
  const known: Known = {
    userId: session.user.id,
    session: { ...session, csrf: "" },
    state: trimmed(state),
    at: Date.now(),
  };
  try {
    await done((await store("readwrite")).put(known, KEY));
  } catch {
    // A browser in private mode, or a full disk: then nothing is known offline.
  }
}

/** Keeps what is known up to date until the result is called; only what a server said, never what was recalled. */
export function keepUp(session: () => Session, state: () => DeskState, fresh: () => boolean): () => void {
  let last = NOTHING;
  const now = (): void => {
    const next = state();
    if (next === last || !fresh()) return;
    last = next;
    void keep(session(), next);
  };
  const idle = globalThis.requestIdleCallback ?? ((act: () => void) => setTimeout(act));
  const soon = setTimeout(() => idle(now), SOON_MS);
  const timer = setInterval(() => idle(now), EVERY_MS);
  document.addEventListener("visibilitychange", now);
  addEventListener("pagehide", now);
  now();
  return () => {
    clearTimeout(soon);
    clearInterval(timer);
    document.removeEventListener("visibilitychange", now);
    removeEventListener("pagehide", now);
  };
}
