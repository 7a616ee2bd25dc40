/** What hurts first: the order of the list and the reason that is shown for it. Pure. */
import type { Case, Conversation } from "../../api/shapes";
import type { Clock } from "../../live/promises.svelte";
import { leftOf, type Left } from "./left";

export type Reason =
  | { kind: "failed" | "uncertain" }
  | { kind: "promise-late" | "promise-soon" | "reply-late"; at: number }
  | { kind: "reply-soon"; at: number; left: Left | undefined }
  | { kind: "answer"; since: number }
  | { kind: "snoozed"; until: number }
  | { kind: "none" };

/** A promise due within this time is at risk. */
const SOON_MS = 2 * 60 * 60_000;

const RANK: Record<Reason["kind"], number> = {
  failed: 0,
  uncertain: 0,
  "reply-late": 1,
  "promise-late": 1,
  "reply-soon": 2,
  "promise-soon": 2,
  answer: 3,
  none: 4,
  snoozed: 5,
};

const moment = (at: string | null | undefined): number | undefined => (at ? Date.parse(at) : undefined);

/** The one thing that matters about a conversation now. */
export function reasonOf(
  conversation: Conversation,
  matter: Case | undefined,
  now: number,
  clock?: Clock,
): Reason {
  if (conversation.trouble === "failed" || conversation.trouble === "uncertain") {
    return { kind: conversation.trouble };
  }
  const until = moment(conversation.snoozed_until);
  if (conversation.status === "snoozed" && until !== undefined) return { kind: "snoozed", until };
  const broken = promiseOf(matter, now, clock);
  if (broken) return broken;
  const since = moment(conversation.waiting_since);
  if (since !== undefined && conversation.status === "open") return { kind: "answer", since };
  return { kind: "none" };
}

/** The promise that is broken or near: the reply's, then the case's. */
function promiseOf(matter: Case | undefined, now: number, clock: Clock | undefined): Reason | undefined {
  const due = moment(clock?.due_at);
  const promised = matter && isOpen(matter) ? moment(matter.promised_at) : undefined;
  if (due !== undefined && due < now) return { kind: "reply-late", at: due };
  if (promised !== undefined && promised < now) return { kind: "promise-late", at: promised };
  if (due !== undefined && (moment(clock?.near_at) ?? due) <= now) {
    return { kind: "reply-soon", at: due, left: leftOf(clock, now) };
  }
  if (promised !== undefined && promised - now < SOON_MS) return { kind: "promise-soon", at: promised };
  return undefined;
}

function isOpen(matter: Case): boolean {
  return matter.status === "open" || matter.status === "waiting";
}

/** Whether the contact has written since an agent last looked. */
export function isUnread(conversation: Conversation): boolean {
  const written = moment(conversation.last_inbound_at);
  return written !== undefined && written > (moment(conversation.agent_read_at) ?? 0);
}

export interface Placed {
  readonly conversation: Conversation;
  readonly reason: Reason;
}

/** Within one reason the oldest comes first, what needs nothing by its end or the latest message. */
function age({ conversation, reason }: Placed): number {
  switch (reason.kind) {
    case "promise-late":
    case "promise-soon":
    case "reply-late":
    case "reply-soon":
      return reason.at;
    case "answer":
      return reason.since;
    case "snoozed":
      return reason.until;
    case "failed":
    case "uncertain":
      return moment(conversation.last_message_at) ?? 0;
    case "none":
      return -(moment(conversation.closed_at ?? conversation.last_message_at) ?? 0);
  }
}

/** Conversations with their reasons, what hurts most first; equal ones keep a stable order by id. */
export function whatHurtsFirst(
  conversations: readonly Conversation[],
  cases: Readonly<Record<string, Case>>,
  now: number,
  clockOf: (id: string) => Clock | undefined = () => undefined,
): Placed[] {
  return conversations
    .map((conversation) => ({
      conversation,
      reason: reasonOf(
        conversation,
        conversation.case_id ? cases[conversation.case_id] : undefined,
        now,
        clockOf(conversation.id),
      ),
    }))
    .sort(
      (a, b) =>
        RANK[a.reason.kind] - RANK[b.reason.kind] ||
        age(a) - age(b) ||
        a.conversation.id.localeCompare(b.conversation.id),
    );
}

export const LIVE_TABS = ["mine", "team", "waiting", "trouble"] as const;
export const FETCHED_TABS = ["spam", "closed"] as const;
export type LiveTab = (typeof LIVE_TABS)[number];
export type Tab = LiveTab | (typeof FETCHED_TABS)[number];

/** Whether a conversation stands in one of the lists. */
export function belongs(conversation: Conversation, tab: Tab, agentId: string | null): boolean {
  if (tab === "spam") return conversation.spam;
  if (tab === "closed") return conversation.status === "closed" && !conversation.spam;
  if (tab === "trouble") return conversation.trouble !== null;
  if (conversation.spam || conversation.status === "closed") return false;
  if (tab === "mine") return agentId !== null && conversation.assignee_id === agentId;
  if (tab === "waiting") {
    return (
      conversation.status === "open" &&
      conversation.assignee_id === null &&
      conversation.waiting_since !== null
    );
  }
  return true;
}
