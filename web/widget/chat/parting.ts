/** What somebody wrote and left before it was sent: it goes out as theirs while this page is open, and never as another's. */
import type { Identity, Options, Pending } from "../types";
import { Api, Problem } from "./api";
import { backOnline } from "./online";

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

/** Words with the session or the proof of whoever wrote them; held in the memory of the page alone. */
export interface Unsent {
  token: string | null;
  proof: Identity | null;
  pending: readonly Pending[];
}

/** Hands one thing that was said to the server; the same again changes nothing there. */
export function deliver(api: Api, { answers, ...said }: Pending) {
  return answers ? api.answer(answers.message, answers.solved) : api.send(said);
}

/** Sends it in order, as often as it takes; whose session is over and who has no proof cannot be spoken for. */
export async function sendUnsent(options: Options, { token, proof, pending }: Unsent): Promise<void> {
  const api = new Api(options.server, options.account, options.language);
  api.token = token;
  let shows = proof;
  const rest = [...pending];
  let waitMs = FIRST_WAIT_MS;
  for (let next = rest[0]; next; next = rest[0]) {
    try {
      if (shows) api.token = (await api.session(shows, location.origin + location.pathname)).token;
      shows = null;
      await deliver(api, next);
      rest.shift();
      waitMs = FIRST_WAIT_MS;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.status === 401 || (shows && !error.passing)) return;
      if (!error.passing) rest.shift(); // what is refused is refused
      else await backOnline(Math.max(waitMs, error.retryAfterMs));
      waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS);
    }
  }
}
