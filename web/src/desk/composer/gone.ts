/** Drafts that are gone from here: they went along with their conversation, or were sent from somewhere else. */
import { me } from "../../access/session.svelte";
import type { Scheduled } from "../../api/scheduled";
import type { Conversation, Message } from "../../api/shapes";
import type { Transfer } from "../../api/together";
import { live } from "../../live/desk.svelte";
import type { DeskEvent } from "../../live/state";
import { changeDraft, changeHere } from "./change";
import { EMPTY, said, without, type Draft, type Mode } from "./drafts";
import { isOfThisPage } from "./ours";
import { isUntold } from "./saving";
import { setTold, toldOf } from "./told";

interface Told {
  transfer?: Transfer;
  conversation?: Conversation;
  message?: Message;
  scheduled?: Scheduled;
}

/** Listens wherever one is at the desk; call the result to stop. */
export const hearGone = (): (() => void) => live.hear(hear);

function hear({ type, data }: DeskEvent): void {
  const { transfer, conversation, message, scheduled } = data as Told;
  const mine = me.agentId;
  if (!mine) return;
  if (type === "transfer.changed" && transfer) transferred(transfer, mine);
  else if (type === "conversation.changed" && conversation) moved(conversation, mine);
  else if (type === "message.created" && message?.author_id === mine) wasSent(message);
  else if (type === "scheduled.changed" && scheduled?.agent_id === mine && scheduled.state === "waiting")
    wasSent({ ...scheduled, direction: "out", payload: scheduled.forwards ? { apart: true } : {} });
}

function transferred({ conversation_id: id, state, from_agent_id: giver }: Transfer, mine: string): void {
  if (state === "done" && giver === mine) wentAlong(id);
}

/** Somebody else has what we had, by whichever way. */
function moved({ id, assignee_id: holder }: Conversation, mine: string): void {
  if (holder && holder !== mine && live.state.conversations[id]?.assignee_id === mine) wentAlong(id);
}

/** What the server had of both drafts is a colleague's now; what it was never told stays. */
export function wentAlong(id: string): void {
  for (const mode of ["reply", "note"] as const) {
    if (isUntold(id, mode)) continue;
    const told = toldOf(id, mode);
    setTold(id, mode, "");
    changeHere(id, mode, (now) => (said(now) === told ? { ...EMPTY, mode } : now));
  }
}

type Sent = Pick<Message, "conversation_id" | "direction" | "client_id" | "text" | "payload" | "attachments">;

/** Somebody's own words arrive that another tab or device sent: an unchanged draft of them goes. */
function wasSent(one: Sent): void {
  const { conversation_id: id, client_id: clientId, payload } = one;
  if (payload["side"] || payload["apart"] || isOfThisPage(clientId)) return;
  const mode: Mode = one.direction === "internal" ? "note" : "reply";
  const files = one.attachments.map(({ id: file, filename, size }) => ({ id: file, filename, size }));
  const rest = (now: Draft): Draft =>
    now.text.trim() === one.text.trim() && (now.text.trim() || holds(now, files))
      ? without({ ...now, files }, now)
      : now;
  if (isUntold(id, mode)) {
    changeDraft(id, mode, rest);
    return;
  }
  changeHere(id, mode, (now) => {
    const left = rest(now);
    if (left !== now) setTold(id, mode, ""); // whoever sent it says so to the server
    return left;
  });
}

const holds = ({ files }: Draft, sent: Draft["files"]): boolean =>
  files.length > 0 && files.every(({ id }) => sent.some((one) => one.id === id));
