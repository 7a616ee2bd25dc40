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
}

export interface ConversationChange {
  status?: ConversationStatus;
  snoozed_until?: string | null;
  case_id?: string;
  new_case_title?: string;
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
  merge_id: string;
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
  read: (id: string) => post<Conversation>(`/conversations/${id}/read`),
  typing: (id: string) => post(`/conversations/${id}/typing`),
  markSpam: (id: string) => post<Conversation>(`/conversations/${id}/spam`),
  unmarkSpam: (id: string) => remove<Conversation>(`/conversations/${id}/spam`),
  take: (id: string) => post<Conversation>(`/conversations/${id}/take`),
  release: (id: string) => post<Conversation>(`/conversations/${id}/release`),

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
  retry: (messageId: string) => post<Message>(`/messages/${messageId}/retry`),
  settle: (messageId: string, as: "sent" | "failed") =>
    post<Message>(`/messages/${messageId}/settle`, { as }),
  htmlUrl: (messageId: string, images: boolean) =>
    get<{ url: string }>(`/messages/${messageId}/html-url`, { images }),
  upload: (file: File, signal: AbortSignal) => {
    const body = new FormData();
    body.set("file", file, file.name);
    return request<Attachment>("POST", "/attachments", { body, signal });
  },

  contacts: (q: string) => get<Contact[]>("/contacts", { q }),
  changeContact: (id: string, change: ContactChange) => patch<Contact>(`/contacts/${id}`, change),
  mergeSuggestions: (id: string) => get<MergeSuggestion[]>(`/contacts/${id}/merge-suggestions`),
  merge: (id: string, otherId: string, evidence: Record<string, unknown>) =>
    post<Merge>(`/contacts/${id}/merge`, { other_id: otherId, evidence }),
  undoMerge: (mergeId: string) => post<{ kept: Contact; restored: Contact }>(`/merges/${mergeId}/undo`),
  block: (contactId: string) => post<Contact>(`/contacts/${contactId}/block`),
  unblock: (contactId: string) => remove<Contact>(`/contacts/${contactId}/block`),

  cases: (contactId: string) => get<Case[]>("/cases", { contact_id: contactId }),
  changeCase: (id: string, change: CaseChange) => patch<Case>(`/cases/${id}`, change),
  steps: (caseId: string, steps: StepInput[]) => put<Case>(`/cases/${caseId}/steps`, { steps }),

  presence: (state: PresenceState, reason: string | null) => put<Presence>("/presence", { state, reason }),
  accept: (interactionId: string) => post<Interaction>(`/offers/${interactionId}/accept`),
  decline: (interactionId: string, reason: string) => post(`/offers/${interactionId}/decline`, { reason }),
};
