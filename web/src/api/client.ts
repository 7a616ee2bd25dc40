/** The one way to the server: JSON, the CSRF token, problems as errors, and a second try after signing in again. */
import { untrack } from "svelte";
import { Problem } from "./problem";

const BASE = "/api/v1";

interface Hooks {
  /** Resolves once somebody has signed in again; rejects when it is somebody else. */
  signInAgain: () => Promise<void>;
  /** Resolves once the person has shown again who they are; rejects when they gave up. */
  confirmIdentity: () => Promise<void>;
  language: () => string;
  /** Resolves once the server was asked who we are: before that there is no token. */
  prove: () => Promise<void>;
}

let csrf = "";
let hooks: Hooks = {
  signInAgain: () => Promise.reject(new Problem(401)),
  confirmIdentity: () => Promise.reject(new Problem(403)),
  language: () => "es",
  prove: () => Promise.resolve(),
};

/** The token that unsafe requests carry, renewed with each session. */
export function useCsrf(token: string): void {
  csrf = token;
}

export function useHooks(next: Hooks): void {
  hooks = next;
}

type Query = Record<string, string | number | boolean | null | undefined>;

export interface Call {
  query?: Query;
  body?: unknown;
  headers?: Record<string, string>;
  /** A 401 is an answer here, not a session that ended. */
  anonymous?: boolean;
  signal?: AbortSignal;
}

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export function address(path: string, query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== "") search.set(name, String(value));
  }
  const asked = search.toString();
  return `${BASE}${path}${asked ? `?${asked}` : ""}`;
}

let leaving: AbortSignal | undefined;

/** What `ask` asks for at once is taken back when the signal says so: whoever wanted to see it has left. */
export function until<Result>(signal: AbortSignal, ask: () => Result): Result {
  const before = leaving;
  leaving = signal;
  try {
    return ask();
  } finally {
    leaving = before;
  }
}

/** Whoever asks within an effect or a derived value does not ask again because another language was chosen. */
const language = (): string => untrack(() => hooks.language());

function headers(method: Method, call: Call): Record<string, string> {
  const all: Record<string, string> = { Accept: "application/json", "Accept-Language": language() };
  if (call.body !== undefined && !(call.body instanceof FormData)) all["Content-Type"] = "application/json";
  if (method !== "GET") all["X-CSRF-Token"] = csrf;
  return { ...all, ...call.headers };
}

async function attempt(method: Method, path: string, call: Call): Promise<Response> {
  if (method !== "GET" && !csrf && !call.anonymous) {
    await hooks.prove();
    if (!csrf) throw new Problem(0); // nobody has answered who we are: as good as no network
  }
  const init: RequestInit = { method, headers: headers(method, call), credentials: "same-origin" };
  if (call.body instanceof FormData) init.body = call.body;
  else if (call.body !== undefined) init.body = JSON.stringify(call.body);
  const signal = call.signal ?? (method === "GET" ? leaving : undefined);
  if (signal) init.signal = signal;
  try {
    return await fetch(address(path, call.query), init);
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Problem(0);
  }
}

async function problem(response: Response): Promise<Problem> {
  const body: unknown = await response.json().catch(() => ({}));
  return new Problem(response.status, typeof body === "object" && body !== null ? body : {});
}

/** What to wait for before a refused request is worth another try; nothing when it is not. */
function mend(refusal: Problem, call: Call): (() => Promise<void>) | undefined {
  if (call.anonymous) return undefined;
  if (refusal.kind === "confirm-identity") return hooks.confirmIdentity;
  return refusal.status === 401 && refusal.kind !== "wrong-credentials" ? hooks.signInAgain : undefined;
}

/**
 * Sends one request and reads its JSON. When the session has ended or a recent proof is asked, waits for that
 * and sends it once more: a refused request was not performed, so nothing happens twice.
 */
export async function request<Result>(method: Method, path: string, call: Call = {}): Promise<Result> {
  let response = await attempt(method, path, call);
  if (!response.ok) {
    const refusal = await problem(response);
    const wait = mend(refusal, call);
    if (!wait) throw refusal;
    await wait();
    response = await attempt(method, path, call);
    if (!response.ok) throw await problem(response);
  }
  if (response.status === 204) return undefined as Result;
  const text = await response.text();
  return (text ? JSON.parse(text) : undefined) as Result;
}

export const get = <Result>(path: string, query?: Query, call: Call = {}): Promise<Result> =>
  request<Result>("GET", path, query ? { ...call, query } : call);
export const post = <Result>(path: string, body?: unknown, call: Call = {}): Promise<Result> =>
  request<Result>("POST", path, { ...call, body });
/** With a `version` the server refuses when somebody else has changed the thing since. */
const unless = (version?: number): Pick<Call, "headers"> =>
  version === undefined ? {} : { headers: { "If-Match": `"${version.toString()}"` } };
export const put = <Result>(path: string, body: unknown, version?: number): Promise<Result> =>
  request<Result>("PUT", path, { body, ...unless(version) });
export const patch = <Result>(path: string, body: unknown, version?: number): Promise<Result> =>
  request<Result>("PATCH", path, { body, ...unless(version) });
export const remove = <Result = undefined>(path: string): Promise<Result> => request<Result>("DELETE", path);
