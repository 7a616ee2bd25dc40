/** Which account an answer on another channel goes out by, and whether that can be undone. */
import type { Account } from "../../api/shapes";
import { live } from "../../live/desk.svelte";
import type { Way } from "./way";

/** The account that an answer goes out by: that of the other way, or the conversation's own. */
export function wayTo(way: Way | undefined, own: Account | undefined): Account | undefined {
  if (!way) return own;
  const { accounts, conversations } = live.state;
  return accounts["accountId" in way ? way.accountId : (conversations[way.conversationId]?.account_id ?? "")];
}

/** Whether what goes out by an account can be taken back for some seconds. */
export function undoes(accountId: string): boolean {
  return (live.state.accounts[accountId]?.undo_s ?? 0) > 0;
}
