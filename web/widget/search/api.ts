/** Asks for answers without a session: who only looks for one is nobody to us. */
import { openStorage } from "../chat/storage";
import { newId } from "../chat/outbox";
import type { Answers, Article, Options, Step } from "../types";

const TIMEOUT_MS = 15_000;
const COUNTED_FOR_MS = 7 * 86_400_000;
const STEPS = "trato-trail";
const MOST_STEPS = 60;

/** When this browser last opened an answer, and when that was counted. */
export interface Searched {
  at: string;
  counted: string;
}

async function ask(options: Options, path: string, init: RequestInit = {}): Promise<Response> {
  const stop = new AbortController();
  const timer = setTimeout(() => { stop.abort(); }, TIMEOUT_MS);
  init.signal?.addEventListener("abort", () => { stop.abort(); });
  try {
    const answer = await fetch(`${options.server}api/v1/visitor/${path}`, {
      ...init,
      signal: stop.signal,
      credentials: "omit",
      referrerPolicy: "no-referrer",
    });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer;
  } finally {
    clearTimeout(timer);
  }
}

const post = (options: Options, path: string, body: object): Promise<Response> =>
  ask(options, path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ account: options.account, ...body }),
    keepalive: true,
  });

export async function findAnswers(
  options: Options,
  asked: { question: string; about: string; language: string; whole: boolean },
  signal: AbortSignal,
): Promise<Answers> {
  const { question: q, about, language, whole } = asked;
  const query = new URLSearchParams({ account: options.account, q, about, language, whole: String(whole) });
  return (await ask(options, `answers?${query.toString()}`, { signal })).json() as Promise<Answers>;
}

export async function fetchArticle(options: Options, language: string, slug: string): Promise<Article> {
  const path = `articles/${encodeURIComponent(language)}/${encodeURIComponent(slug)}`;
  const query = new URLSearchParams({ account: options.account });
  return (await ask(options, `${path}?${query.toString()}`)).json() as Promise<Article>;
}

/** Remembers in this browser that an answer helped; the server counts one more, and knows nobody. */
export function noteOpened(options: Options): void {
  const storage = openStorage(options.account);
  const now = new Date();
  const before = storage.get<Searched>("searched");
  const fresh = !before || !(now.getTime() - Date.parse(before.counted) < COUNTED_FOR_MS);
  const at = now.toISOString();
  storage.set("searched", { at, counted: fresh ? at : before.counted });
  if (fresh) post(options, "answers/opened", {}).catch(() => undefined);
}

export async function saySolved(options: Options, article: Article, solved: boolean): Promise<void> {
  const path = `articles/${encodeURIComponent(article.language)}/${encodeURIComponent(article.slug)}/said`;
  await post(options, path, { solved });
}

/** Keeps in this tab what was done alone: who opens the chat is asked whether to show it. */
export function keepStep(step: Pick<Step, "kind"> & Record<string, unknown>): void {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(STEPS) ?? "[]");
    const steps = [...(Array.isArray(kept) ? kept : []), { id: newId(), at: new Date().toISOString(), ...step }];
    sessionStorage.setItem(STEPS, JSON.stringify(steps.slice(-MOST_STEPS)));
  } catch {
    // forbidden, or not ours: then there is no trail
  }
}
