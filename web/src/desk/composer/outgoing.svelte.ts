/**
 * Messages on their way to the server. Each carries an id of ours, so that asking twice stores once; those that
 * could not be handed over wait on this device and go out when the connection is back, also after a reload.
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
}

const KEY = "trato.outgoing";
const AGAIN_MS = 5_000;

function stored(): Pending[] {
  try {
    const all = JSON.parse(localStorage.getItem(KEY) ?? "[]") as Pending[];
    return all.map((one) => (one.state === "sending" ? { ...one, state: "waiting" } : one));
  } catch {
    return []; // storage is blocked or holds something else
  }
}

let pending = $state.raw<readonly Pending[]>(stored());
let timer: ReturnType<typeof setTimeout> | undefined;

function keep(next: readonly Pending[]): void {
  pending = next;
  try {
    localStorage.setItem(KEY, JSON.stringify(next));
  } catch {
    // storage is blocked: what waits lasts as long as the page
  }
}

function set(clientId: string, change: Partial<Pending>): void {
  keep(pending.map((one) => (one.message.client_id === clientId ? { ...one, ...change } : one)));
}

function drop(clientId: string): void {
  keep(pending.filter((one) => one.message.client_id !== clientId));
}

async function hand(one: Pending): Promise<void> {
  const id = one.message.client_id;
  set(id, { state: "sending", error: "" });
  try {
    if (one.moment) waiting.put(await scheduled.keep(one.conversationId, one.message, one.moment));
    else live.merge({ message: await api.send(one.conversationId, one.message) });
    drop(id);
  } catch (error) {
    const later =
      error instanceof Problem && (error.unreachable || error.status >= 500 || error.status === 401);
    set(id, { state: later ? "waiting" : "refused", error: later ? "" : explain(error, t.common) });
    if (later) soon();
  }
}

function soon(): void {
  clearTimeout(timer);
  timer = setTimeout(() => {
    void sendWaiting();
  }, AGAIN_MS);
}

/** Tries what waits, in the order in which it was written. */
async function sendWaiting(): Promise<void> {
  for (const one of pending.filter(({ state }) => state === "waiting")) await hand(one);
}

addEventListener("online", () => void sendWaiting());

export const outgoing = {
  /** What is on its way in a conversation; once the server has it, the message itself is shown instead. */
  of: (conversationId: string): readonly Pending[] =>
    pending.filter((one) => one.conversationId === conversationId),
  send(one: Omit<Pending, "state" | "error">): void {
    const made: Pending = { ...one, state: "sending", error: "" };
    keep([...pending, made]);
    void hand(made);
  },
  retry(clientId: string): void {
    const one = pending.find(({ message }) => message.client_id === clientId);
    if (one) void hand(one);
  },
  discard: drop,
  /** Goes on with what waited, for whoever is signed in now; nobody sends in another's name. */
  resume(userId: string): void {
    keep(pending.filter((one) => one.userId === userId));
    void sendWaiting();
  },
};
