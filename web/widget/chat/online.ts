/** Waiting for the network, and for what was written to get through it. */
import { Problem } from "./api";
import type { Chat } from "./chat";

const SENT_WITHIN_MS = 20_000;

/** Waits for the network: until the browser says that it is back, or for a while. */
export function backOnline(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener("online", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    addEventListener("online", done);
  });
}

/**
 * Waits until all that was written is with the server; it stays in the outbox when that takes too long. What was refused
 * waits for the visitor, not for the server.
 */
export function allSent(chat: Pick<Chat, "state" | "subscribe">): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = () => {
      if (chat.state.pending.some(({ error }) => error === null) || !chat.state.conversation) return;
      clearTimeout(timer);
      stop();
      resolve();
    };
    const timer = setTimeout(() => {
      stop();
      reject(new Problem(0, "unreachable", "not sent yet"));
    }, SENT_WITHIN_MS);
    const stop = chat.subscribe(done);
    done();
  });
}
