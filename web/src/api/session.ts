/** Signing in and out, links by mail, and the first run. */
import { get, post, remove } from "./client";
import type { Agent, Hours, User } from "./shapes";

export interface Session {
  user: User;
  agent: Agent | null;
  organisation: { name: string; language: string; time_zone: string };
  csrf: string;
  set_up: boolean;
  language: string;
}

/** What is asked after the password when a second factor is set. */
export interface SecondFactor {
  second_factor: ("totp" | "passkey")[];
  challenge: string;
}

export interface Link {
  purpose: string;
  email: string | null;
  name: string | null;
}

export interface SetUp {
  token: string;
  organisation: { name: string; language: string; time_zone: string; hours: Hours };
  administrator: { name: string; email: string; password: string };
}

/** The options of a WebAuthn ceremony as the server makes them, and the key of its challenge. */
export interface Ceremony {
  challenge: string;
  options: Record<string, unknown>;
}

const anonymous = { anonymous: true };

export const session = {
  current: () => get<Session>("/session", {}, anonymous),
  signIn: (email: string, password: string) =>
    post<Session | SecondFactor>("/session", { email, password }, anonymous),
  totp: (challenge: string, code: string) => post<Session>("/session/totp", { challenge, code }, anonymous),
  passkeyOptions: (challenge?: string) =>
    post<Ceremony>("/session/passkey/options", { challenge }, anonymous),
  passkey: (challenge: string, credential: unknown) =>
    post<Session>("/session/passkey", { challenge, credential }, anonymous),
  signOut: () => remove("/session"),
  forgot: (email: string) => post("/password/forgot", { email }, anonymous),
  reset: (token: string, password: string) => post("/password/reset", { token, password }, anonymous),
  link: (token: string) => get<Link>(`/links/${encodeURIComponent(token)}`, {}, anonymous),
  accept: (invitation: { token: string; name: string; password: string; language: string }) =>
    post<Session>("/invitations/accept", invitation, anonymous),
  setUp: (answers: SetUp) => post("/set-up", answers, anonymous),
};
