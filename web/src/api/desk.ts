/** What agents do: the inbox, conversations, messages, contacts, cases, presence and offers. */
import { get, patch, post, put, remove, request } from "./client";
import type {
  Account,
  Agent,
  Attachment,
  Case,
  Contact,
  Conversation,
  ConversationStatus,
  Interaction,
  Message,
  Presence,
  PresenceState,
  Step,
} from "./shapes";

export interface Snapshot {
  position: number;
  conversations: Conversation[];
  contacts: Contact[];
  cases: Case[];
  interactions: Interaction[];
  presences: Presence[];
  agents: Agent[];
  accounts: Account[];
}

export interface Inbox {
  items: Conversation[];
  contacts: Contact[];
  cases: Case[];
  interactions: Interaction[];
  position: number;
  next_cursor: string | null;
}

export interface Opened {
  conversation: Conversation;
  contact: Contact;
  case: Case | null;
  participants: Participant[];
  messages: Message[];
  messages_cursor: string | null;
  position: number;
  interactions: Interaction[];
}

export interface Participant {
  role: "contact" | "agent" | "third_party" | "copy";
  name: string;
  address: string;
}

export interface Timeline {
  items: Message[];
  conversations?: Conversation[];
  next_cursor: string | null;
}

export interface NewMessage {
  text: string;
  kind: "reply" | "note";
  client_id: string;
  attachment_ids: string[];
  to?: string[];
  cc?: string[];
  bcc?: string[];
  subject?: string;
  reply_all?: boolean;
}

export interface NewConversation {
  account_id: string;
  to: string[];
  cc?: string[];
  bcc?: string[];
  subject: string;
  text: string;
  client_id: string;
  attachment_ids: string[];
  contact_id?: string;
  case_id?: string;
}

export interface ConversationChange {
  status?: ConversationStatus;
  snoozed_until?: string | null;
  case_id?: string | null;
  subject?: string;
  disposition?: string;
}

export type ContactChange = Partial<
  Pick<Contact, "name" | "language" | "time_zone" | "prefers" | "preferred_channel" | "tone">
>;
export type CaseChange = Partial<
  Pick<Case, "title" | "expectation" | "status" | "waiting_for" | "owner_id" | "promised_at">
>;
export type StepInput = Pick<Step, "title" | "state" | "due_at"> & { id?: string };

/** Somebody who may be the same person, and why we think so. */
export interface MergeSuggestion {
  contact: Contact;
  evidence: Record<string, unknown>;
}

export interface Merge {
  merge: { id: string };
  contact: Contact;
}

export const desk = {
  snapshot: () => get<Snapshot>("/snapshot"),
  inbox: (tab: string, q: string, cursor: string | null, signal?: AbortSignal) =>
    get<Inbox>("/inbox", { tab, q, cursor }, signal ? { signal } : {}),

  open: (id: string) => get<Opened>(`/conversations/${id}`),
  timeline: (contactId: string, before: string | null) =>
    get<Timeline>(`/contacts/${contactId}/timeline`, { before }),
  change: (id: string, change: ConversationChange) => patch<Conversation>(`/conversations/${id}`, change),
  read: (id: string) => post(`/conversations/${id}/read`),
  typing: (id: string) => post(`/conversations/${id}/typing`),
  markSpam: (id: string) => post(`/conversations/${id}/spam`),
  unmarkSpam: (id: string) => remove(`/conversations/${id}/spam`),
  take: (id: string) => post(`/conversations/${id}/take`),
  release: (id: string) => post(`/conversations/${id}/release`),

  send: (conversationId: string, message: NewMessage) =>
    post<Message>(`/conversations/${conversationId}/messages`, message, {
      headers: { "Idempotency-Key": message.client_id },
    }),
  start: (conversation: NewConversation) =>
    post<{ conversation: Conversation; message: Message }>("/conversations", conversation, {
      headers: { "Idempotency-Key": conversation.client_id },
    }),
  forward: (
    conversationId: string,
    forwarded: { to: string[]; text: string; client_id: string; message_id: string },
  ) =>
    post<Message>(`/conversations/${conversationId}/forward`, forwarded, {
      headers: { "Idempotency-Key": forwarded.client_id },
    }),
  retry: (messageId: string) => post(`/messages/${messageId}/retry`),
  settle: (messageId: string, as: "sent" | "failed") => post(`/messages/${messageId}/settle`, { as }),
  htmlUrl: (messageId: string) => get<{ url: string }>(`/messages/${messageId}/html-url`),
  upload: (file: File, conversationId: string | null, signal: AbortSignal) => {
    const body = new FormData();
    if (conversationId) body.set("conversation_id", conversationId);
    body.set("file", file, file.name);
    return request<Attachment>("POST", "/attachments", { body, signal });
  },

  contacts: (q: string) => get<{ items: Contact[] }>("/contacts", { q }),
  changeContact: (id: string, change: ContactChange) => patch<Contact>(`/contacts/${id}`, change),
  mergeSuggestions: (id: string) => get<{ items: MergeSuggestion[] }>(`/contacts/${id}/merge-suggestions`),
  merge: (id: string, otherId: string, evidence: Record<string, unknown>) =>
    post<Merge>(`/contacts/${id}/merge`, { other_id: otherId, evidence }),
  undoMerge: (mergeId: string) => post(`/merges/${mergeId}/undo`),
  block: (contactId: string) => post(`/contacts/${contactId}/block`),
  unblock: (contactId: string) => remove(`/contacts/${contactId}/block`),

  cases: (contactId: string) => get<{ items: Case[] }>("/cases", { contact_id: contactId }),
  startCase: (body: { contact_id: string; brand_id: string; title: string }) => post<Case>("/cases", body),
  changeCase: (id: string, change: CaseChange) => patch<Case>(`/cases/${id}`, change),
  steps: (caseId: string, steps: StepInput[]) => put<Case>(`/cases/${caseId}/steps`, { steps }),

  presence: (state: PresenceState, reason: string | null) => put<Presence>("/presence", { state, reason }),
  accept: (interactionId: string) => post<Interaction>(`/offers/${interactionId}/accept`),
  decline: (interactionId: string, reason: string) => post(`/offers/${interactionId}/decline`, { reason }),
};
