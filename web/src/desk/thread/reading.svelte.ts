/** Tells the server how far I have read, so that another device goes on there. Call it while an effect is set up. */
import { me } from "../../access/session.svelte";
import { desk as api } from "../../api/desk";
import { Problem } from "../../api/problem";
import type { Message } from "../../api/shapes";
import { opened } from "../opened.svelte";
import { isFresh } from "./stretch";

/** Whoever only passes through has not read it. */
const PAUSE_MS = 700;
/** A server that was not there is told again after this. */
const AGAIN_MS = 5_000;

/** `seen` is the latest message where it is in view, undefined elsewhere; call the result to stop. */
export function noteReading(seen: () => Message | undefined, id: () => string): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let over = false;
  async function say(conversation: string, read: string): Promise<void> {
    if ((await note(conversation, read)) || over || id() !== conversation || seen()?.created_at !== read) return;
    clearTimeout(timer);
    timer = setTimeout(() => void say(conversation, read), AGAIN_MS);
  }
  const stop = $effect.root(() => {
    // Its instant alone: in a full shop something is said every moment, elsewhere, and the pause would never end.
    const until = $derived(seen()?.created_at);
    $effect(() => {
      const [conversation, read] = [id(), until];
      clearTimeout(timer);
      if (read) timer = setTimeout(() => void say(conversation, read), PAUSE_MS);
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
    if (now) void note(id(), now.created_at);
  }
  document.addEventListener("visibilitychange", looked);
  return () => {
    over = true;
    clearTimeout(timer);
    stop();
    document.removeEventListener("visibilitychange", looked);
  };
}

/** Answers whether there is nothing more to tell. */
async function note(conversation: string, read: string): Promise<boolean> {
  const [until, before] = [Date.parse(read), opened.readUntil];
  if (!me.agentId || document.visibilityState !== "visible" || until <= (before ?? 0)) return true;
  opened.readUntil = until;
  try {
    await api.readUntil(conversation, read);
    return true;
  } catch (error) {
    if (opened.readUntil === until) opened.readUntil = before;
    return error instanceof Problem && error.status >= 400 && error.status < 500 && error.status !== 429;
  }
}
