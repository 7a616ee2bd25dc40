/** One's own account: profile, password, second factor, passkeys, sessions. */
import { get, patch, post, put, remove } from "./client";
import type { Ceremony } from "./session";
import type { Agent, Page, User } from "./shapes";

export interface OpenSession {
  id: string;
  current: boolean;
  ip: string | null;
  user_agent: string | null;
  created_at: string;
  last_seen_at: string;
}

export interface Passkey {
  id: string;
  name: string;
  created_at: string;
  last_used_at: string | null;
}

export const account = {
  change: (change: { name?: string; language?: string; signature?: string }) => patch<User>("/me", change),
  picture: (picture: string | null) => put<Agent>("/me/picture", { picture }),
  password: (current: string, next: string) =>
    post("/me/password", { current_password: current, password: next }),
  beginTotp: () => post<{ secret: string; uri: string; svg: string }>("/me/totp"),
  confirmTotp: (code: string) => post<{ recovery_codes: string[] }>("/me/totp/confirm", { code }),
  removeTotp: () => remove("/me/totp"),
  passkeys: () => get<Page<Passkey>>("/me/passkeys"),
  beginPasskey: () => post<Ceremony>("/me/passkeys/options"),
  addPasskey: (challenge: string, credential: unknown, name: string) =>
    post<Passkey>("/me/passkeys", { challenge, credential, name }),
  removePasskey: (id: string) => remove(`/me/passkeys/${id}`),
  sessions: () => get<Page<OpenSession>>("/sessions"),
  endSession: (id: string) => remove(`/sessions/${id}`),
  endOtherSessions: () => remove("/sessions"),
  /** Shows the password again, for changes that ask for a recent proof. */
  confirm: (password: string) => post("/session/confirm", { password }),
};
