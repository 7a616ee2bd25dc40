/** What waits for a supervisor's word: asked at the server whenever something was given, asked for or decided. */
import { me } from "../../access/session.svelte";
import { cases as api, type Approvals } from "../../api/cases";
import type { Gesture } from "../../api/shapes";
import { t, withWords } from "../../i18n/index.svelte";
import { live } from "../../live/desk.svelte";
import { toasts } from "../../ui/toasts.svelte";

const SOON_MS = 300;
let page = $state.raw<Approvals | null>(null);
let latest = 0;
let last: Promise<void> = Promise.resolve();
let timer: ReturnType<typeof setTimeout> | undefined;

const supervises = (): boolean => me.session.user.role !== "agent";

async function ask(): Promise<void> {
  const asked = ++latest;
  try {
    const found = await api.approvals();
    if (asked !== latest) return;
    live.merge({ cases: found.cases, contacts: found.contacts });
    page = found;
  } catch {
    // The next event or snapshot asks again.
  }
}

/** Whoever is overtaken by a newer question goes on when that one is answered. */
async function again(): Promise<void> {
  last = ask();
  for (let mine: Promise<void> | undefined; mine !== last; ) await (mine = last);
}

/** Whoever asked is told what came of it, wherever they are at the desk. */
async function tell(gesture: Gesture): Promise<void> {
  if (!gesture.decided_by || gesture.given_by !== me.agentId || gesture.decided_by === me.agentId) return;
  await withWords("cases");
  const { money } = await import("../../ui/money");
  const what = `${money(gesture.amount, gesture.currency, t.language)}, ${gesture.what}`;
  const words = t.cases.gestures;
  toasts.say(gesture.state === "given" ? words.approved(what) : words.refused(what, gesture.reason));
}

export const approvals = {
  /** Oldest first; undefined until they are known. */
  get items(): readonly Gesture[] | undefined {
    return page?.items;
  },
  /** How many there are; more than fit in one answer is told as that many and more. */
  get count(): string {
    return page ? `${page.items.length.toString()}${page.next_cursor ? "+" : ""}` : "0";
  },
  /** Where the case of one is talked about. */
  placeOf: (caseId: string): string | undefined =>
    page?.places.find((one) => one.case_id === caseId)?.conversation_id,
  again,
  /** Keeps the list true and tells of decisions, until the result is called. */
  follow(): () => void {
    const stop = live.hear(({ type, data }) => {
      if (type !== "gesture.changed" || !data.gesture) return;
      void tell(data.gesture);
      if (!supervises()) return;
      timer ??= setTimeout(() => {
        timer = undefined;
        void again();
      }, SOON_MS);
    });
    return () => {
      stop();
      clearTimeout(timer);
      timer = undefined;
      page = null;
      latest += 1;
    };
  },
};
