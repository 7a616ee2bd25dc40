/** What colleagues say to each other of a case. */
import { get, post, put, remove } from "./client";
import type { components } from "./schema";
import type { Message } from "./shapes";

type Schemas = components["schemas"];

export type SideMember = Schemas["SideMember"];
export type SideChat = Omit<Schemas["SideChat"], "items"> & { items: Message[] };

const of = (caseId: string): string => `/cases/${caseId}/side-chat`;

export const side = {
  chat: (caseId: string, cursor: string | null = null) => get<SideChat>(of(caseId), { cursor }),
  say: (caseId: string, text: string, mentions: string[], clientId: string) =>
    post<Message>(of(caseId), { text, mentions, client_id: clientId }),
  readUntil: (caseId: string, until: string) => put(`${of(caseId)}/reading`, { until }),
  leave: (caseId: string) => remove(`${of(caseId)}/membership`),
};
