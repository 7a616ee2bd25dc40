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

useHooks({ signInAgain, confirmIdentity, language: () => t.language });

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

/** Asks the server who we are. */
async function find(): Promise<void> {
  try {
    const found = await api.current();
    if (found.set_up) await enter(found);
    else status = "needs-set-up";
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.status === 401) status = error.body.set_up === false ? "needs-set-up" : "signed-out";
    else status = "unreachable";
  }
}

async function signOut(): Promise<void> {
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
