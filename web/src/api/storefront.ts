/** What shops' pages told: beside a conversation, and the orders that came after help. */
import { get } from "./client";
import type { components } from "./schema";

export type PageContext = components["schemas"]["PageContextView"];
export type OrderReport = components["schemas"]["OrderReport"];

export const storefront = {
  of: (conversationId: string) => get<PageContext>(`/conversations/${conversationId}/page-context`),
  report: (days: number) => get<OrderReport>(`/storefront/orders?days=${days}`),
};
