/** What agents do: the inbox, conversations, messages, contacts, cases, presence and offers. */
import { get, patch, post, put, remove, request } from "./client";
import type { components } from "./schema";
import type {
  Account,
  Agent,
  Attachment,
  Case,
  Contact,
  Conversation,
  Interaction,
  Message,
  Page,
  Presence,
  SaidState,
} from "./shapes";

type Schemas = components["schemas"];

/** An answer of the API with the entities in it as the desk reads them. */
type Read<Answer> = {
  [Name in keyof Answer]: Name extends keyof Entities ? Entities[Name] : Answer[Name];
};

interface Entities {
  conversation: Conversation;
  contact: Contact;
  case: Case | null;
  items: Conversation[];
  conversations: Conversation[];
  contacts: Contact[];
  cases: Case[];
  interactions: Interaction[];
  presences: Presence[];
  agents: Agent[];
  accounts: Account[];
  messages: Message[];
}

export type Snapshot = Read<Schemas["SnapshotView"]>;
export type Counts = Schemas["CountsView"];
export type Inbox = Read<Schemas["InboxView"]>;
export type Opened = Read<Schemas["WholeConversation"]>;
export type Participant = Schemas["ParticipantView"];
export type Timeline = Omit<Read<Schemas["WholeTimeline"]>, "items"> & { items: Message[] };
export type Segment = Schemas["Segment"];
export type Matches = Schemas["MatchPage"];

/** Where in a history: before, behind or around a message, or at an instant; without one, its end. */
export type Place = Partial<Record<"before" | "after" | "around" | "at", string>>;

export type NewMessage = Schemas["WriteBody"] & {
  kind: "reply" | "note";
  attachment_ids: string[];
  marks: boolean;
  text: string;
};
export type Started = Read<Omit<Schemas["Started"], "message">> & { message: Message | null };
export type NewConversation = Schemas["StartBody"];
export type ConversationChange = Schemas["ConversationChange"];
export type ContactChange = Partial<Pick<Contact, keyof Schemas["ContactChange"]>>;
export type CaseChange = Partial<Pick<Case, Exclude<keyof Schemas["CaseChange"], "promise">>> & {
  promise?: string;
};
export type Ending = Schemas["EndingView"];
export type StepInput = Schemas["StepBody"] & { state: "done" | "now" | "later" };

export type FactInput = Partial<Schemas["FactBody"]> & Pick<Schemas["FactBody"], "name" | "value">;

export type MergeSuggestion = Schemas["MergeSuggestion"];

export const desk = {
  snapshot: () => get<Snapshot>("/snapshot"),
  counts: () => get<Counts>("/inbox/counts"),
  inbox: (tab: string, q: string, cursor: string | null, signal?: AbortSignal) =>
    get<Inbox>("/inbox", { tab, q, cursor }, signal ? { signal } : {}),

  open: (id: string, signal: AbortSignal) => get<Opened>(`/conversations/${id}`, undefined, { signal }),
  timeline: (contactId: string, place: Place, signal?: AbortSignal) =>
    get<Timeline>(`/contacts/${contactId}/timeline`, { ...place }, signal ? { signal } : {}),
  find: (contactId: string, q: string, cursor: string | null, signal: AbortSignal) =>
    get<Matches>(`/contacts/${contactId}/timeline/search`, { q, cursor }, { signal }),
  readUntil: (id: string, until: string) => put(`/conversations/${id}/reading`, { until }),
  looking: (id: string, here: boolean) => post(`/conversations/${id}/looking`, { here }),
  change: (id: string, change: ConversationChange) => patch<Conversation>(`/conversations/${id}`, change),
  read: (id: string) => post<Conversation>(`/conversations/${id}/read`),
  typing: (id: string) => post(`/conversations/${id}/typing`),
  markSpam: (id: string) => post<Conversation>(`/conversations/${id}/spam`),
  unmarkSpam: (id: string) => remove<Conversation>(`/conversations/${id}/spam`),
  take: (id: string, over = false) => post<Conversation>(`/conversations/${id}/take`, { over }),
  release: (id: string) => post<Conversation>(`/conversations/${id}/release`),

  send: (conversationId: string, message: NewMessage) =>
    post<Message>(`/conversations/${conversationId}/messages`, message, {
      headers: { "Idempotency-Key": message.client_id },
    }),
  start: (conversation: NewConversation) =>
    post<Started>("/conversations", conversation, {
      headers: { "Idempotency-Key": conversation.client_id },
    }),
  forward: (conversationId: string, forwarded: Schemas["ForwardBody"]) =>
    post<Message>(`/conversations/${conversationId}/forward`, forwarded, {
      headers: { "Idempotency-Key": forwarded.client_id },
    }),
  retry: (messageId: string) => post<Message>(`/messages/${messageId}/retry`),
  settle: (messageId: string, as: "sent" | "failed") =>
    post<Message>(`/messages/${messageId}/settle`, { as }),
  htmlUrl: (messageId: string, images: boolean) =>
    get<Schemas["UrlView"]>(`/messages/${messageId}/html-url`, { images }),
  upload: (file: File, signal: AbortSignal) => {
    const body = new FormData();
    body.set("file", file, file.name);
    return request<Attachment>("POST", "/attachments", { body, signal });
  },

  contacts: async (q: string) => (await get<Page<Contact>>("/contacts", { q, limit: 20 })).items,
  changeContact: (id: string, change: ContactChange, version?: number) =>
    patch<Contact>(`/contacts/${id}`, change, version),
  mergeSuggestions: async (id: string) =>
    (await get<Page<MergeSuggestion>>(`/contacts/${id}/merge-suggestions`)).items,
  merge: (id: string, otherId: string, evidence: Record<string, unknown>) =>
    post<Schemas["MergeDone"]>(`/contacts/${id}/merge`, { other_id: otherId, evidence }),
  undoMerge: (mergeId: string) => post<Schemas["MergeUndone"]>(`/merges/${mergeId}/undo`),
  block: (contactId: string) => post<Contact>(`/contacts/${contactId}/block`),
  unblock: (contactId: string) => remove<Contact>(`/contacts/${contactId}/block`),

  preferenceLink: (contactId: string) =>
    post<Schemas["LinkView"]>(`/contacts/${contactId}/preference-link`),
  noteFact: (contactId: string, fact: FactInput) => post<Contact>(`/contacts/${contactId}/facts`, fact),
  correctFact: (contactId: string, factId: string, change: Schemas["FactChange"]) =>
    patch<Contact>(`/contacts/${contactId}/facts/${factId}`, change),
  forgetFact: (contactId: string, factId: string) =>
    remove<Contact>(`/contacts/${contactId}/facts/${factId}`),

  cases: async (contactId: string) =>
    (await get<Page<Case>>("/cases", { contact_id: contactId, limit: 100 })).items,
  changeCase: (id: string, change: CaseChange, version?: number) => patch<Case>(`/cases/${id}`, change, version),
  steps: (caseId: string, steps: StepInput[], version: number) =>
    put<Case>(`/cases/${caseId}/steps`, { steps }, version),

  presence: (state: SaidState, reason: string | null) => put<Presence>("/presence", { state, reason }),
  /** What the end of the work on a conversation asks for. */
  ending: (conversationId: string) => get<Ending>(`/conversations/${conversationId}/ending`),
  awayReasons: async () => (await get<Page<Schemas["AwayReasonView"]>>("/away-reasons")).items,
  noteWrapUp: (id: string, disposition: string | null) => patch<Interaction>(`/wrap-ups/${id}`, { disposition }),
  moreTime: (id: string) => post<Interaction>(`/wrap-ups/${id}/more-time`),
  endWrapUp: (id: string, disposition: string | null) => post<Interaction>(`/wrap-ups/${id}/done`, { disposition }),
  accept: (interactionId: string) => post<Interaction>(`/offers/${interactionId}/accept`),
  decline: (interactionId: string, reason: string) => post(`/offers/${interactionId}/decline`, { reason }),
};
