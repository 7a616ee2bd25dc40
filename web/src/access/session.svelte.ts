/** Who is signed in, in this tab: found at the start, lost when the server says so, and won back in a dialog. */
import { useCsrf, useHooks } from "../api/client";
import { Problem } from "../api/problem";
import { session as api, type Session } from "../api/session";
import { speak, t } from "../i18n/index.svelte";
import { isLanguage, preferred } from "../i18n/languages";

type Status = "unknown" | "unreachable" | "needs-set-up" | "signed-out" | "signed-in";

let status = $state<Status>("unknown");
let current = $state.raw<Session | null>(null);
let expired = $state(false);
let confirming = $state(false);

interface Waiting {
  resolve: () => void;
  reject: (reason: unknown) => void;
}
let waiting: Waiting[] = [];
let unconfirmed: Waiting[] = [];

function signInAgain(): Promise<void> {
  expired = true;
  return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
}

function confirmIdentity(): Promise<void> {
  confirming = true;
  return new Promise((resolve, reject) => unconfirmed.push({ resolve, reject }));
}

/** Ends the question who we are: what waited for it goes on, or is given up. */
function confirmed(shown: boolean): void {
  confirming = false;
  const asked = unconfirmed;
  unconfirmed = [];
  for (const { resolve, reject } of asked) {
    if (shown) resolve();
    else reject(new Problem(403));
  }
}

useHooks({ signInAgain, confirmIdentity, language: () => t.language, prove });

/** Everything that a new session changes: token, language, and requests that waited for it. */
async function enter(next: Session): Promise<void> {
  useCsrf(next.csrf);
  const language = next.user.language;
  if (isLanguage(language) && language !== t.language) await speak(language);
  const somebodyElse = current && current.user.id !== next.user.id;
  current = next;
  status = "signed-in";
  expired = false;
  const retried = waiting;
  waiting = [];
  for (const { resolve, reject } of retried) {
    if (somebodyElse) reject(new Problem(401));
    else resolve();
  }
}

/** Asks the server who we are; who it was last is shown while it does not answer. */
async function find(): Promise<void> {
  try {
    const found = await api.current();
    if (found.set_up) await enter(found);
    else status = "needs-set-up";
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.status === 401) await nobody(error.body.set_up === false);
    else if (status !== "signed-in" && !(await recalled())) status = "unreachable";
  }
}

/** Nobody is signed in: what was known of the desk goes. */
async function nobody(unused: boolean): Promise<void> {
  status = unused ? "needs-set-up" : "signed-out";
  current = null;
  if (isKept()) await known().then((one) => one.forget(), () => undefined);
}

const PROVE_MS = 4_000;
const isKept = (): boolean => Boolean(globalThis.navigator.serviceWorker?.controller);
const known = () => import("../offline/known");
let proving: Promise<void> | undefined;

/** Takes the last session for ours until the server has said so; says whether there was one. */
async function recalled(): Promise<boolean> {
  if (!isKept()) return false;
  const found = await known().then((one) => one.recall(), () => undefined);
  if (!found || status === "signed-in") return status === "signed-in";
  if (isLanguage(found.session.user.language)) await speak(found.session.user.language);
  current = found.session;
  status = "signed-in";
  void keepProving();
  return true;
}

async function keepProving(): Promise<void> {
  while (current?.csrf === "") {
    await prove();
    if (current?.csrf === "") await new Promise((resolve) => setTimeout(resolve, PROVE_MS));
  }
}

/** Asks the server once, for whoever needs the token now. */
function prove(): Promise<void> {
  if (current?.csrf !== "") return Promise.resolve();
  proving ??= find().finally(() => (proving = undefined));
  return proving;
}

/** Who was here last is shown at once, and asked of the server beside; without one the answer is waited for. */
async function begin(): Promise<void> {
  if (!(await recalled())) await find();
}

/** This device is told no more, and knows no more. */
async function leave(): Promise<void> {
  if (!isKept()) return;
  const [push, one] = await Promise.all([import("../alerts/push"), known()]);
  await push.leave();
  await one.forget();
}

async function signOut(): Promise<void> {
  await leave().catch(() => undefined);
  await api.signOut();
  current = null;
  status = "signed-out";
  await speak(preferred(navigator.languages));
}

export const me = {
  get status() {
    return status;
  },
  /** The session; only asked for where somebody is signed in. */
  get session(): Session {
    if (!current) throw new Error("nobody is signed in");
    return current;
  },
  get agentId(): string | null {
    return current?.agent?.id ?? null;
  },
  get isAdministrator(): boolean {
    return current?.user.role === "administrator";
  },
  /** The session ended while work was open. */
  get expired() {
    return expired;
  },
  /** A change asks for a recent proof of who we are. */
  get confirming() {
    return confirming;
  },
  begin,
  find,
  enter,
  confirmed,
  signInAgain,
  signOut,
  /** Takes over what the server answered about our own user. */
  renew(user: Session["user"]): void {
    if (current) current = { ...current, user };
  },
};
