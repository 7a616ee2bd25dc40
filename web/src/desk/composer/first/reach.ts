/** By which accounts somebody can be written to first, which of them is best and why, and why another may not. Pure. */
import type { Account, Contact, Conversation } from "../../../api/shapes";

/** Why an account reaches, the best first. */
export const GOOD = ["prefers", "open", "wrote", "verified", "known", "typed"] as const;
export const BAD = ["off", "theyBegin", "noAddress", "otherKind"] as const;
export type Why = (typeof GOOD)[number] | (typeof BAD)[number];

export interface Reach {
  account: Account;
  may: boolean;
  why: Why;
  /** To which address, where it is a first message. */
  address?: string;
  /** Where they are open there. */
  conversationId?: string;
}

/** Who is written to: somebody known, or an address that was typed. */
export type Whom = { contact: Contact } | { typed: string };

interface Known {
  accounts: readonly Account[];
  conversations: readonly Conversation[];
}

/** Of which kind an address is that was typed: of mail, or a telephone. */
export function kindOf(typed: string): "email" | "phone" | undefined {
  const one = typed.trim();
  if (/^[^\s@]+@[^\s@]+\.[^\s@.]+$/.test(one)) return "email";
  return /^\+?[\d\s().-]{6,24}$/.test(one) && one.replace(/\D/g, "").length >= 6 ? "phone" : undefined;
}

/** Every account with what it can do for this person; those that reach them first, the best on top. */
export function reaches(whom: Whom | undefined, known: Known): Reach[] {
  const all = known.accounts.map((account) => reach(account, whom, known.conversations));
  const rank = ({ may, why }: Reach): number =>
    may ? GOOD.indexOf(why as (typeof GOOD)[number]) : GOOD.length + BAD.indexOf(why as (typeof BAD)[number]);
  return all.sort(
    (one, other) => rank(one) - rank(other) || one.account.name.localeCompare(other.account.name),
  );
}

function reach(account: Account, whom: Whom | undefined, conversations: readonly Conversation[]): Reach {
  const refused = (why: Why): Reach => ({ account, may: false, why });
  if (!account.enabled) return refused("off");
  const { starts, address_kind: kind } = account.capabilities;
  if (whom && "contact" in whom) return ofContact(account, whom.contact, conversations);
  if (!starts) return refused("theyBegin");
  if (!whom) return { account, may: true, why: "typed" };
  const typed = kindOf(whom.typed);
  return typed && fits(typed, kind)
    ? { account, may: true, why: "typed", address: whom.typed.trim() }
    : refused("otherKind");
}

/** Telephone channels name their addresses by the channel; a number is one for any of them but mail. */
const fits = (typed: "email" | "phone", kind: string): boolean =>
  typed === "email" ? kind === "email" : kind !== "email";

function ofContact(account: Account, contact: Contact, conversations: readonly Conversation[]): Reach {
  const { starts, address_kind: kind } = account.capabilities;
  const here = conversations
    .filter((one) => one.contact_id === contact.id && one.account_id === account.id && !one.spam)
    .sort((one, other) => (other.last_message_at ?? "").localeCompare(one.last_message_at ?? ""));
  const open = here.find(({ status }) => status !== "closed");
  const prefers = contact.preferred_channel === account.kind;
  if (open) return { account, may: true, why: prefers ? "prefers" : "open", conversationId: open.id };
  if (!starts) return { account, may: false, why: "theyBegin" };
  const addresses = contact.addresses.filter((one) => one.kind === kind);
  const address = addresses.find(({ verified_at }) => verified_at) ?? addresses[0];
  if (!address) return { account, may: false, why: "noAddress" };
  const verified = address.verified_at !== null;
  const why = prefers && verified ? "prefers" : here.length ? "wrote" : verified ? "verified" : "known";
  return { account, may: true, why, address: address.value };
}
