/** Tells the server what a draft says now: one after the other, so that the newest stays, until it is told. */
import { me } from "../../access/session.svelte";
import { Problem } from "../../api/problem";
import { together as api } from "../../api/together";
import { EMPTY, said, type Draft, type Mode } from "./drafts";
import { setTold, toldOf } from "./told";

const KEY = "trato.untold";
const AGAIN_MS = 5_000;

/** A draft that the server is still to be told, with what came along to it and stands in it now. */
interface Untold {
  draft: Draft;
  took: readonly string[];
}
type All = Readonly<Record<string, Untold>>;

/** It outlives the composer, and a reload. */
let untold: All = stored();
let telling: readonly string[] = [];
/** The last try of each: the next begins when it is over. */
let trying: Readonly<Record<string, Promise<void>>> = {};

function stored(): All {
  try {
    const all = JSON.parse(sessionStorage.getItem(KEY) ?? "{}") as Record<string, Untold | string>;
    const one = (value: Untold | string): Untold =>
      typeof value === "string" ? { draft: { ...EMPTY, text: value }, took: [] } : value;
    return Object.fromEntries(Object.entries(all).map(([name, value]) => [name, one(value)]));
  } catch {
    return {}; // storage is blocked or holds something else
  }
}

function keep(next: All): void {
  untold = next;
  try {
    sessionStorage.setItem(KEY, JSON.stringify(next));
  } catch {
    // storage is blocked or full: it lasts as long as the page
  }
}

/** One's own draft: nobody tells in another's name. */
const named = (id: string, mode: Mode): string => `${me.agentId ?? ""}/${id}/${mode}`;

/** Whether what the server has is older than what was written here. */
export const isUntold = (id: string, mode: Mode): boolean => named(id, mode) in untold;

/** What the server has, or is being told. */
export function lastSaid(id: string, mode: Mode): string {
  const one = untold[named(id, mode)];
  return one ? said(one.draft) : toldOf(id, mode);
}

/** `took`: the ids of what came along and was put into it. */
export function saveDraft(id: string, mode: Mode, draft: Draft, took: readonly string[] = []): void {
  const name = named(id, mode);
  keep({ ...untold, [name]: { draft, took: [...(untold[name]?.took ?? []), ...took] } });
  if (!telling.includes(name)) void tell(id, mode);
}

/** The same for who waits until the server has it; raises what it answers, and it goes on being told. */
export async function saveNow(id: string, mode: Mode, draft: Draft): Promise<void> {
  if (!isUntold(id, mode) && said(draft) === toldOf(id, mode)) return;
  const name = named(id, mode);
  keep({ ...untold, [name]: { draft, took: untold[name]?.took ?? [] } });
  try {
    await tellOnce(id, mode);
  } catch (error) {
    if (name in untold && !telling.includes(name)) void tell(id, mode);
    throw error;
  }
}

async function tell(id: string, mode: Mode): Promise<void> {
  const name = named(id, mode);
  telling = [...telling, name];
  while (name in untold && name === named(id, mode)) {
    const one = untold[name];
    if (await tellOnce(id, mode).then(() => false, isForLater)) {
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    } else if (untold[name] === one) drop(name);
  }
  telling = telling.filter((other) => other !== name);
}

/** One try, after those before it. */
function tellOnce(id: string, mode: Mode): Promise<void> {
  const name = named(id, mode);
  const now = (trying[name] ?? Promise.resolve()).catch(() => undefined).then(() => put(id, mode, name));
  trying = { ...trying, [name]: now };
  return now;
}

async function put(id: string, mode: Mode, name: string): Promise<void> {
  const one = untold[name];
  if (!one || name !== named(id, mode)) return;
  const { text, to, cc, bcc, replyAll, files } = one.draft;
  await api.keepDraft(id, mode, {
    text,
    to,
    cc,
    bcc,
    reply_all: replyAll,
    file_ids: files.map((file) => file.id),
    took: [...one.took],
  });
  setTold(id, mode, said(one.draft));
  if (untold[name] === one) drop(name);
}

function drop(name: string): void {
  keep(Object.fromEntries(Object.entries(untold).filter(([other]) => other !== name)));
}

/** What is refused is not asked again, such as when the conversation is no longer theirs. */
function isForLater(error: unknown): boolean {
  if (!(error instanceof Problem)) return false;
  return error.unreachable || error.status >= 500 || error.status === 401 || error.status === 429;
}
