/** What agents do together: transfers, consults, joining, drafts kept by the server, and the line. */
import { get, patch, post, put, remove } from "./client";
import type { components } from "./schema";
import type { Page } from "./shapes";

type Schemas = components["schemas"];

export type Transfer = Schemas["TransferView"];
export type TransferBody = Schemas["TransferBody"];
export type Targets = Schemas["TargetsView"];
export type TargetAgent = Schemas["TargetAgent"];
export type TargetGroup = Schemas["TargetGroup"];
export type Consult = Schemas["ConsultView"];
export type ConsultMessage = Schemas["ConsultMessageView"];
export type WholeConsult = Schemas["WholeConsult"];
export type Joined = Schemas["JoinedView"];
export type Draft = Schemas["DraftView"];
export type Came = Schemas["CameView"];
export type Waiting = Schemas["WaitingView"];
export type WaitingChange = Schemas["WaitingChange"];

const items = async <Item>(page: Promise<Page<Item>>): Promise<Item[]> => (await page).items;

export const together = {
  targets: (id: string) => get<Targets>(`/conversations/${id}/targets`),
  transfer: (id: string, body: TransferBody) => post<Transfer>(`/conversations/${id}/transfers`, body),
  transfers: (id: string) => items(get<Page<Transfer>>(`/conversations/${id}/transfers`)),
  asked: () => items(get<Page<Transfer>>("/transfers")),
  accept: (transferId: string) => post<Transfer>(`/transfers/${transferId}/accept`),
  decline: (transferId: string, reason: string) =>
    post<Transfer>(`/transfers/${transferId}/decline`, { reason }),
  withdraw: (transferId: string) => post<Transfer>(`/transfers/${transferId}/withdraw`),

  consult: (id: string, body: Schemas["ConsultBody"]) =>
    post<Consult>(`/conversations/${id}/consults`, body),
  consultsOf: (id: string) => items(get<Page<WholeConsult>>(`/conversations/${id}/consults`)),
  consults: () => items(get<Page<WholeConsult>>("/consults")),
  acceptConsult: (consultId: string) => post<Consult>(`/consults/${consultId}/accept`),
  declineConsult: (consultId: string) => post<Consult>(`/consults/${consultId}/decline`),
  say: (consultId: string, text: string, clientId: string) =>
    post<ConsultMessage>(`/consults/${consultId}/messages`, { text, client_id: clientId }),
  closeConsult: (consultId: string, outcome: string) =>
    post<Consult>(`/consults/${consultId}/close`, { outcome }),

  beside: (id: string) => items(get<Page<Joined>>(`/conversations/${id}/agents`)),
  join: (id: string, agentId: string) =>
    items(put<Page<Joined>>(`/conversations/${id}/agents/${agentId}`, undefined)),
  leave: (id: string, agentId: string) =>
    items(remove<Page<Joined>>(`/conversations/${id}/agents/${agentId}`)),

  drafts: (id: string) => items(get<Page<Draft>>(`/conversations/${id}/drafts`)),
  keepDraft: (id: string, kind: Draft["kind"], body: Schemas["DraftBody"]) =>
    put(`/conversations/${id}/drafts/${kind}`, body),

  line: (cursor: string | null) => get<Page<Waiting>>("/waiting", { cursor, limit: 100 }),
  move: (id: string, change: WaitingChange) => patch<Waiting>(`/waiting/${id}`, change),
};
