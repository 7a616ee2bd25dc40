/** How a conversation comes to somebody else: what can be done with it from here, by menu and by key. */
import ArrowRightLeft from "@lucide/svelte/icons/arrow-right-left";
import CornerUpLeft from "@lucide/svelte/icons/corner-up-left";
import Hand from "@lucide/svelte/icons/hand";
import MessageCircleQuestionMark from "@lucide/svelte/icons/message-circle-question-mark";
import { me } from "../access/session.svelte";
import { post } from "../api/client";
import { desk as api } from "../api/desk";
import type { Conversation } from "../api/shapes";
import { t } from "../i18n/index.svelte";
import { live } from "../live/desk.svelte";
import { act } from "../ui/act.svelte";
import type { MenuItem } from "../ui/menu";
import { toasts } from "../ui/toasts.svelte";

export interface Place {
  mine: boolean;
  supervises: boolean;
  /** Who owns the case. */
  owner: string | null;
  transfer: () => void;
  consult: () => void;
}

type Act = (() => void) | undefined;

/** Each is there only where it can be done. */
export interface Moving {
  menu: MenuItem[];
  transfer: Act;
  consult: Act;
  /** Back to who owns the case, where that is somebody else. */
  toOwner: Act;
}

async function giveToOwner(id: string): Promise<void> {
  const done = await act(() =>
    post(`/conversations/${id}/transfers`, { kind: "blind", to: { kind: "owner" } }),
  );
  if (done) toasts.say(t.desk.actions.givenToOwner);
}

async function takeOver(id: string): Promise<void> {
  await act(async () => {
    live.merge({ conversation: await api.take(id, true) });
  });
}

export function movingActs({ id, status, assignee_id: holder }: Conversation, here: Place): Moving {
  const works = status === "open" && me.agentId !== null;
  const movable = works && (here.mine || holder === null || here.supervises);
  const consult = works ? here.consult : undefined;
  const transfer = movable ? here.transfer : undefined;
  const back = movable && here.owner !== null && here.owner !== holder;
  const toOwner = back ? (): void => void giveToOwner(id) : undefined;
  const over = movable && holder !== null && !here.mine ? (): void => void takeOver(id) : undefined;
  const words = t.desk.actions;
  const all = [
    { label: words.transfer, icon: ArrowRightLeft, hint: "t", act: transfer },
    { label: words.consult, icon: MessageCircleQuestionMark, hint: "c", act: consult },
    { label: words.toOwner, icon: CornerUpLeft, hint: "o", act: toOwner },
    { label: words.takeOver, icon: Hand, act: over },
  ];
  const menu = all.flatMap(({ act: does, ...item }) => (does ? [{ ...item, act: does }] : []));
  return { menu, transfer, consult, toOwner };
}
