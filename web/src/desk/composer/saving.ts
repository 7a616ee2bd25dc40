/** Tells the server what a draft says now: one text after the other, so that the newest stays, until it is told. */
import { me } from "../../access/session.svelte";
import { Problem } from "../../api/problem";
import { together as api } from "../../api/together";
import type { Mode } from "./drafts";

const KEY = "trato.untold";
const AGAIN_MS = 5_000;

/** What the server is still to be told; it outlives the composer, and a reload. */
let untold: Readonly<Record<string, string>> = stored();
let telling: readonly string[] = [];

function stored(): Record<string, string> {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "{}") as Record<string, string>;
  } catch {
    return {}; // storage is blocked or holds something else
  }
}

function keep(next: Readonly<Record<string, string>>): void {
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

export function saveDraft(id: string, mode: Mode, text: string): void {
  const name = named(id, mode);
  keep({ ...untold, [name]: text });
  if (!telling.includes(name)) void tell(id, mode);
}

async function tell(id: string, mode: Mode): Promise<void> {
  const name = named(id, mode);
  telling = [...telling, name];
  while (name in untold && name === named(id, mode)) {
    const text = untold[name] ?? "";
    if (await api.keepDraft(id, mode, text).then(() => false, isForLater)) {
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    } else if (untold[name] === text) {
      keep(Object.fromEntries(Object.entries(untold).filter(([other]) => other !== name)));
    }
  }
  telling = telling.filter((other) => other !== name);
}

/** What is refused is not asked again, such as when the conversation is no longer theirs. */
function isForLater(error: unknown): boolean {
  if (!(error instanceof Problem)) return false;
  return error.unreachable || error.status >= 500 || error.status === 401 || error.status === 429;
}
