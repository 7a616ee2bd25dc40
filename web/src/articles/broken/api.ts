/** Pages that customers report as broken. */
import { get, post } from "../../api/client";
import type { components } from "../../api/schema";
import type { Page } from "../../api/shapes";

export type PageReport = components["schemas"]["PageReportView"];
export type ReportSaid = components["schemas"]["SaidView"];
export type ReportState = PageReport["state"];

const one = (id: string): string => `/page-reports/${id}`;

export const broken = {
  find: async (state: ReportState, cursor: string | null) => {
    const page = await get<Page<PageReport>>("/page-reports", { state, cursor: cursor ?? undefined });
    return { items: page.items, next_cursor: page.next_cursor ?? null };
  },
  get: (id: string) => get<PageReport>(one(id)),
  said: async (id: string) => (await get<Page<ReportSaid>>(`${one(id)}/said`)).items,
  mended: (id: string, note: string) => post<PageReport>(`${one(id)}/mended`, { note }),
  drop: (id: string) => post<PageReport>(`${one(id)}/drop`),
  screenshot: (id: string, said: string) => `/api/v1${one(id)}/said/${said}/screenshot`,
};
