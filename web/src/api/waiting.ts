/** Who waits and how long, whom we write or call, and peaks that are planned. */
import { get, patch, post } from "./client";
import type { components } from "./schema";
import type { Page } from "./shapes";

type Schemas = components["schemas"];

export type Line = Schemas["LineView"];
export type Callback = Schemas["CallbackView"];
export type Peak = Schemas["PeakView"];
export type PeakReport = Schemas["PeakReport"];
export type Loan = Schemas["Loan"];
export type Notice = Schemas["NoticeView"];
export type NoticeAbout = Schemas["NoticeAbout"];

export const waiting = {
  lines: async () => (await get<Page<Line>>("/routing/waits")).items,
  notices: async () => (await get<Page<Notice>>("/routing/notices")).items,
  putNoticeAway: (id: string) => post<undefined>(`/routing/notices/${id}/put-away`),
  callback: (conversationId: string) => get<Callback>(`/conversations/${conversationId}/callback`),
  callbackDone: (conversationId: string) => post<Callback>(`/conversations/${conversationId}/callback/done`),

  peaks: async () => (await get<Page<Peak>>("/peaks")).items,
  createPeak: (peak: Schemas["PeakBody"]) => post<Peak>("/peaks", peak),
  changePeak: (id: string, change: Schemas["PeakChange"], version: number) =>
    patch<Peak>(`/peaks/${id}`, change, version),
  applyPeak: (id: string) => post<Peak>(`/peaks/${id}/apply`),
  cancelPeak: (id: string) => post<Peak>(`/peaks/${id}/cancel`),
  report: (id: string) => get<PeakReport>(`/peaks/${id}/report`),

  queues: async () => (await get<Page<{ id: string; name: string }>>("/queues")).items,
  skills: async () => (await get<Page<{ id: string; name: string }>>("/skills")).items,
};
