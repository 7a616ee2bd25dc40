/**
 * Messages on their way to the server. Each carries an id of ours, so that asking twice stores once; those that
 * could not be handed over wait on this device and go out when the connection is back, also after a reload. In a
 * conversation they go one after the other, as they were written; nobody sends in another's name.
 */
import { desk as api, type NewMessage } from "../../api/desk";
import { explain, Problem } from "../../api/problem";
import { scheduled, type Moment } from "../../api/scheduled";
import { t } from "../../i18n/index.svelte";
import { live } from "../../live/desk.svelte";
import { waiting } from "./scheduled.svelte";

export interface Pending {
  userId: string;
  conversationId: string;
  contactId: string;
  message: NewMessage;
  /** It waits at the server for its moment; without this it goes at once. */
  moment?: Moment | undefined;
  state: "sending" | "waiting" | "refused";
  error: string;
  /** It met something else there once. */
  clashed?: boolean;
}

const KEY = "trato.outgoing";
const AGAIN_MS = 5_000;

function stored(): readonly Pending[] {
  try {
    const all = JSON.parse(localStorage.getItem(KEY) ?? "[]") as Pending[];
    return all.map((one) => (one.state === "sending" ? { ...one, state: "waiting" } : one));
  } catch {
    return []; // storage is blocked or holds something else
  }
}

/** Whoever is signed in. */
let user = $state<string | null>(null);
/** The server has said that it is them: until then this device only takes it to be. */
let proved = false;
/** All that this page knows of, also of others who were signed in here. */
let pending = $state.raw<readonly Pending[]>([]);
let timer: ReturnType<typeof setTimeout> | undefined;
/** The conversations in which one is being handed over. */
let going: readonly string[] = [];

/** Changes alike what is held here and what is stored: what other tabs have stored stays. */
function keep(change: (all: readonly Pending[]) => readonly Pending[]): void {
  pending = change(pending);
  try {
    localStorage.setItem(KEY, JSON.stringify(change(stored())));
  } catch {
    // storage is blocked: what waits lasts as long as the page
  }
}

function set(which: (one: Pending) => boolean, change: Partial<Pending>): void {
  keep((all) => all.map((one) => (which(one) ? { ...one, ...change } : one)));
}

const named = (clientId: string) => (one: Pending) => one.message.client_id === clientId;

function drop(clientId: string): void {
  const is = named(clientId);
  keep((all) => all.filter((one) => !is(one)));
}

/**
 * Whether it can go later, as it is. What meets something else there is asked once more: that may be an earlier try
 * of itself that is still under way, from before a reload or from another tab.
 */
function isForLater(error: unknown, { clashed }: Pending): boolean {
  if (!(error instanceof Problem)) return false;
  return error.unreachable || error.status >= 500 || error.status === 401 || (error.status === 409 && !clashed);
}

/** Hands one over; says whether the next may follow: also after one that is refused for good. */
async function hand(one: Pending): Promise<boolean> {
  const is = named(one.message.client_id);
  set(is, { state: "sending", error: "" });
  try {
    if (one.moment) waiting.put(await scheduled.keep(one.conversationId, one.message, one.moment));
    else live.merge({ message: await api.send(one.conversationId, one.message) });
    drop(one.message.client_id);
  } catch (error) {
    if (isForLater(error, one)) {
      if (error instanceof Problem && error.status === 409) set(is, { clashed: true });
      const behind = (other: Pending): boolean =>
        other.userId === one.userId && other.conversationId === one.conversationId && other.state === "sending";
      set(behind, { state: "waiting" });
      return false;
    }
    set(is, { state: "refused", error: explain(error, t.common) });
  }
  return true;
}

const next = (conversationId: string): Pending | undefined =>
  outgoing.of(conversationId).find(({ state }) => state !== "refused");

/** Hands over what a conversation has, one after the other; what cannot go now is tried again a little later. */
async function handOn(conversationId: string): Promise<void> {
  if (!proved || going.includes(conversationId)) return;
  going = [...going, conversationId];
  let one = next(conversationId);
  while (one && (await hand(one))) one = next(conversationId);
  going = going.filter((other) => other !== conversationId);
  if (next(conversationId)) soon();
}

function soon(): void {
  clearTimeout(timer);
  timer = setTimeout(sendWaiting, AGAIN_MS);
}

function sendWaiting(): void {
  const mine = pending.filter(({ userId }) => userId === user);
  for (const { conversationId } of mine) void handOn(conversationId);
}

addEventListener("online", sendWaiting);

export const outgoing = {
  /** What is on its way in a conversation; once the server has it, the message itself is shown instead. */
  of: (conversationId: string): readonly Pending[] =>
    pending.filter((one) => one.userId === user && one.conversationId === conversationId),
  send(one: Omit<Pending, "state" | "error">): void {
    const waits = !proved || outgoing.of(one.conversationId).some(({ state }) => state === "waiting");
    keep((all) => [...all, { ...one, state: waits ? "waiting" : "sending", error: "" }]);
    void handOn(one.conversationId);
  },
  retry(clientId: string): void {
    const one = pending.find(named(clientId));
    if (!one) return;
    set(named(clientId), { state: "waiting", error: "" });
    void handOn(one.conversationId);
  },
  discard: drop,
  /** Goes on with what waited, for whoever is signed in now; that of others stays until they are again. */
  resume(userId: string | null, isProved: boolean): void {
    user = userId;
    proved = isProved;
    const others = stored().filter(({ message }) => !pending.some(named(message.client_id)));
    pending = [...pending, ...others];
    sendWaiting();
  },
};
