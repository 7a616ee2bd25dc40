/** What I am told, as the bell shows it: the latest unread, their number, and what is said of a new one. */
import { alerts as api, type Alert } from "../api/alerts";
import { t } from "../i18n/index.svelte";
import { live } from "../live/desk.svelte";
import type { DeskEvent } from "../live/state";
import { go, route } from "../router.svelte";
import { toasts } from "../ui/toasts.svelte";
import { stamp } from "./moment";
import { ring } from "./sound";

/** As many as the bell's list shows. */
const FEW = 8;

/** What the event carries. */
interface Told {
  readonly agent_id: string;
  readonly unread: number;
  readonly ways: readonly string[];
  readonly notification: Alert | null;
}

let unread = $state(0);
let latest = $state.raw<readonly Alert[]>([]);
let asked = 0;

export const placeOf = (one: Pick<Alert, "conversation_id">): string =>
  one.conversation_id ? `/c/${one.conversation_id}` : "/notifications";

/** What happened, in a few words. */
export function titleOf(one: Alert): string {
  const words = t.alerts;
  return words.kinds[one.kind](one.actor ?? words.someone, one.contact ?? words.customer);
}

/** Whom and which matter it is about. */
export function aboutOf(one: Pick<Alert, "contact" | "case_number" | "case_title">): string {
  const matter = [one.case_number?.toString(), one.case_title].filter(Boolean).join(" ");
  return [one.contact, matter].filter(Boolean).join(" · ");
}

async function again(): Promise<void> {
  const mine = ++asked;
  try {
    const found = await api.page("unread", null, FEW);
    if (mine !== asked) return;
    latest = found.items;
    unread = found.unread;
  } catch {
    // The next event or snapshot asks again.
  }
}

/** Whether the person has this conversation before their eyes. */
const isBefore = (conversationId: string | null): boolean =>
  conversationId !== null && route.parts[1] === conversationId && document.visibilityState === "visible";

function hear(event: DeskEvent): void {
  if (event.type !== "notification.changed") return;
  const told = event.data as unknown as Told;
  unread = told.unread;
  const one = told.notification;
  if (one && isBefore(one.conversation_id)) {
    void readHere(); // which asks again itself
    return;
  }
  void again();
  if (!one) return;
  if (told.ways.includes("sound")) void ring(one.kind);
  if (!told.ways.includes("in_page") || document.visibilityState !== "visible") return;
  const about = aboutOf(one);
  toasts.say(about ? `${titleOf(one)} · ${about}` : titleOf(one), {
    label: t.alerts.open,
    run: () => {
      void open(one);
    },
  });
}

/** Marks what is about the open conversation as read, when it is looked at. */
async function readHere(): Promise<void> {
  const [place, id] = route.parts;
  if (place !== "c" || !id || !unread || document.visibilityState !== "visible") return;
  try {
    unread = (await api.readConversation(id)).unread;
    await again();
  } catch {
    // It stays in the list.
  }
}

/** Goes where it happened; that it was read does not wait for that. */
async function open(one: Alert): Promise<void> {
  go(placeOf(one));
  if (one.read_at) return;
  try {
    unread = (await api.read([one.id])).unread;
    await again();
  } catch {
    // It stays in the list.
  }
}

export const alerts = {
  get unread() {
    return unread;
  },
  get latest() {
    return latest;
  },
  again,
  open,
  readHere,
  async readAll(): Promise<void> {
    unread = (await api.readAll(stamp(Date.now()))).unread;
    await again();
  },
  /** Keeps it true until the result is called. */
  follow(): () => void {
    void again();
    const seen = (): void => void readHere();
    document.addEventListener("visibilitychange", seen);
    const stop = live.hear(hear);
    return () => {
      stop();
      document.removeEventListener("visibilitychange", seen);
      unread = 0;
      latest = [];
      asked += 1;
    };
  },
};
