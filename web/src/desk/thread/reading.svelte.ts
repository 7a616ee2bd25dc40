/** Tells the server how far I have read, so that another device goes on there. Call it while an effect is set up. */
import { me } from "../../access/session.svelte";
import { desk as api } from "../../api/desk";
import type { Message } from "../../api/shapes";
import { opened } from "../opened.svelte";
import { isFresh } from "./stretch";

/** Whoever only passes through has not read it. */
const PAUSE_MS = 700;

/** `seen` is the latest message where it is in view, undefined elsewhere; call the result to stop. */
export function noteReading(seen: () => Message | undefined, id: () => string): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = $effect.root(() => {
    $effect(() => {
      const last = seen();
      const conversation = id();
      clearTimeout(timer);
      if (last) timer = setTimeout(() => note(conversation, last), PAUSE_MS);
    });
  });
  /** Whoever looks elsewhere finds what came meanwhile below a mark. */
  function looked(): void {
    const last = opened.messages.at(-1);
    if (!last) return;
    if (document.visibilityState === "hidden") {
      opened.freshSince ??= Date.parse(last.created_at);
      return;
    }
    const since = opened.freshSince;
    if (since !== null && !opened.messages.some((one) => isFresh(one, since, me.agentId))) opened.freshSince = null;
    const now = seen();
    if (now) note(id(), now);
  }
  document.addEventListener("visibilitychange", looked);
  return () => {
    clearTimeout(timer);
    stop();
    document.removeEventListener("visibilitychange", looked);
  };
}

function note(conversation: string, last: Message): void {
  const until = Date.parse(last.created_at);
  if (!me.agentId || document.visibilityState !== "visible" || until <= (opened.readUntil ?? 0)) return;
  opened.readUntil = until;
  api.readUntil(conversation, last.created_at).catch(() => undefined); // the next message says it again
}
