/** A stretch of a history: its order and its ends. Pure. */
import type { Message } from "../../api/shapes";

/** As many messages stand on the screen at most; what is further away is loaded again when it is wanted. */
export const MOST = 300;

const at = (message: Message): number => Date.parse(message.created_at);

/** From the oldest to the latest, as the server orders them. */
export function sorted(messages: readonly Message[]): Message[] {
  return messages
    .map((message) => ({ message, at: at(message) }))
    .sort((a, b) => a.at - b.at || (a.message.id < b.message.id ? -1 : 1))
    .map(({ message }) => message);
}

/** The first and the last instant; undefined of nothing. */
export function ends(messages: readonly Message[]): [number, number] | undefined {
  const first = messages[0];
  const last = messages.at(-1);
  return first && last && [at(first), at(last)];
}

/** Whether somebody else said it after an instant; what happened by itself is no news. */
export function isFresh(message: Message, since: number, mine: string | null): boolean {
  return (
    at(message) > since &&
    message.author_kind !== "system" &&
    (message.author_id === null || message.author_id !== mine)
  );
}
