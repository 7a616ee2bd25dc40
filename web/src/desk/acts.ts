/** What can be done with a conversation, each with its way back. */
import AlarmClock from "@lucide/svelte/icons/alarm-clock";
import AlarmClockOff from "@lucide/svelte/icons/alarm-clock-off";
import Ban from "@lucide/svelte/icons/ban";
import CornerUpLeft from "@lucide/svelte/icons/corner-up-left";
import OctagonAlert from "@lucide/svelte/icons/octagon-alert";
import { desk as api } from "../api/desk";
import type { Contact, Conversation } from "../api/shapes";
import { t } from "../i18n/index.svelte";
import { live } from "../live/desk.svelte";
import { act } from "../ui/act.svelte";
import type { MenuItem } from "../ui/menu";
import { toasts } from "../ui/toasts.svelte";
import { movingActs, type Moving, type Place } from "./moving";

/** Shows what a conversation or a person has become. */
async function showConversation(answer: Promise<Conversation>): Promise<void> {
  live.merge({ conversation: await answer });
}
async function showContact(answer: Promise<Contact>): Promise<void> {
  live.merge({ contact: await answer });
}

/** Does something, says so, and offers to undo it. */
export async function undoable(
  work: () => Promise<unknown>,
  said: string,
  undo: () => Promise<unknown>,
): Promise<void> {
  if (await act(work)) sayUndoable(said, undo);
}

/** Says what was done, with the way back when there is one. */
export function sayUndoable(said: string, undo: (() => Promise<unknown>) | undefined): void {
  const run = (back: () => Promise<unknown>) => (): void =>
    void act(back).then((done) => done && toasts.say(t.common.undone));
  toasts.say(said, undo && { label: t.common.undo, run: run(undo) });
}

interface Here extends Place {
  snooze: () => void;
}

interface Acts {
  take: () => void;
  reopen: () => void;
  moving: Moving;
  menu: MenuItem[];
}

/** Shows the change at once; the server's answer or its refusal sets it right. */
async function change(
  conversation: Conversation,
  to: Partial<Conversation>,
  work: () => Promise<unknown>,
): Promise<boolean> {
  live.merge({ conversation: { ...conversation, ...to } });
  const done = await act(work);
  if (!done) live.merge({ conversation });
  return done;
}

export function conversationActs(conversation: Conversation, contact: Contact | undefined, here: Here): Acts {
  const { id } = conversation;
  const reopen = (): Promise<void> =>
    showConversation(api.change(id, { status: "open", snoozed_until: null }));
  const moving = movingActs(conversation, here);
  const menu: MenuItem[] = [...moving.menu];
  if (conversation.status === "open") {
    menu.push({ label: t.desk.actions.snooze, icon: AlarmClock, act: here.snooze });
  } else if (conversation.status === "snoozed") {
    menu.push({ label: t.desk.actions.wake, icon: AlarmClockOff, act: () => void act(reopen) });
  }
  if (here.mine) {
    menu.push({
      label: t.desk.actions.release,
      icon: CornerUpLeft,
      act: () =>
        void undoable(
          () => showConversation(api.release(id)),
          t.desk.actions.released,
          () => showConversation(api.take(id)),
        ),
    });
  }
  menu.push(conversation.spam ? notSpam(id) : spam(id));
  if (contact) menu.push(contact.blocked_at ? unblock(contact.id) : block(contact.id));
  return {
    take: () => void act(() => showConversation(api.take(id))),
    reopen: () => void change(conversation, { status: "open", closed_at: null }, reopen),
    moving,
    menu,
  };
}

const spam = (id: string): MenuItem => ({
  label: t.desk.actions.spam,
  icon: OctagonAlert,
  act: () =>
    void undoable(
      () => showConversation(api.markSpam(id)),
      t.desk.actions.markedSpam,
      () => showConversation(api.unmarkSpam(id)),
    ),
});

const notSpam = (id: string): MenuItem => ({
  label: t.desk.actions.notSpam,
  icon: OctagonAlert,
  act: () => void act(() => showConversation(api.unmarkSpam(id))),
});

const block = (contactId: string): MenuItem => ({
  label: t.desk.actions.block,
  icon: Ban,
  danger: true,
  act: () =>
    void undoable(
      () => showContact(api.block(contactId)),
      t.desk.actions.blocked,
      () => showContact(api.unblock(contactId)),
    ),
});

const unblock = (contactId: string): MenuItem => ({
  label: t.desk.actions.unblock,
  icon: Ban,
  act: () => void act(() => showContact(api.unblock(contactId))),
});
