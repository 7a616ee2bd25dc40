/**
 * By which channel an answer goes: where the person is now, else as they prefer when that reaches them. Pure.
 */
import type { Account, Contact, Conversation } from "../../api/shapes";

/** Another channel: a conversation that is open there, or an account and address to write first from and to. */
export type Way =
  | { channel: string; conversationId: string }
  | { channel: string; accountId: string; address: string };

/** Somebody who wrote this short a time ago waits where they wrote. */
const HERE_MS = 15 * 60_000;

interface Known {
  conversations: readonly Conversation[];
  accounts: readonly Account[];
}

/** The preferred channel when it is another one and reaches the person; an unproven address does not. */
export function preferredWay(
  conversation: Conversation,
  contact: Contact | undefined,
  known: Known,
): Way | undefined {
  const channel = contact?.preferred_channel;
  if (!contact || !channel || channel === conversation.channel) return undefined;
  const accounts = known.accounts.filter((account) => account.kind === channel && account.enabled);
  const able = accounts.filter((account) => account.capabilities.starts);
  // one of the same brand first
  const account = able.find((one) => one.brand_id === conversation.brand_id) ?? able[0];
  if (!account) return undefined;
  const there = known.conversations.find(
    (one) =>
      one.contact_id === contact.id &&
      one.channel === channel &&
      one.status !== "closed" &&
      one.case_id === conversation.case_id &&
      !one.spam,
  );
  if (there) return { channel, conversationId: there.id };
  const address = contact.addresses.find(
    (one) => one.kind === account.capabilities.address_kind && one.verified_at,
  );
  return address && { channel, accountId: account.id, address: address.value };
}

/** Whether the person is still where they wrote: then an answer elsewhere would miss them. */
export function isHere(conversation: Conversation, now: number): boolean {
  if (conversation.status === "closed" || !conversation.last_inbound_at) return false;
  return now - Date.parse(conversation.last_inbound_at) < HERE_MS;
}
