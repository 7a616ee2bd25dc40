/** What a customer tried alone, and pages of our sites that fail. */
import { get, post } from "./client";
import type { components } from "./schema";
import type { Page } from "./shapes";

export type TrailStep = components["schemas"]["TrailStep"];

export const trail = {
  of: async (conversationId: string) =>
    (await get<Page<TrailStep>>(`/conversations/${conversationId}/trail`)).items,
};

export type PageFailure = components["schemas"]["PageFailureView"];

export const failures = {
  standing: async () => (await get<Page<PageFailure>>("/page-failures")).items,
  putAway: (id: string) => post<PageFailure>(`/page-failures/${id}/put-away`),
};
