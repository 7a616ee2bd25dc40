/** Replies that wait for their moment: a few seconds to undo, or a time that the agent chose. */
import { get, post } from "./client";
import type { NewMessage } from "./desk";
import type { components } from "./schema";
import type { Page } from "./shapes";

export type Scheduled = components["schemas"]["ScheduledView"];
/** When a reply goes out: at a moment, or without one after the account's seconds to undo. */
export interface Moment {
  send_at?: string;
  even_if_written?: boolean;
}

export const scheduled = {
  keep: (conversationId: string, message: NewMessage, moment: Moment) =>
    post<Scheduled>(
      `/conversations/${conversationId}/scheduled`,
      { ...message, ...moment },
      { headers: { "Idempotency-Key": message.client_id } },
    ),
  /** Sends a message on to others once the account's seconds to undo are over. */
  forward: (conversationId: string, forwarded: components["schemas"]["ForwardBody"]) =>
    post<Scheduled>(`/conversations/${conversationId}/scheduled-forwards`, forwarded, {
      headers: { "Idempotency-Key": forwarded.client_id },
    }),
  of: async (conversationId: string) =>
    (await get<Page<Scheduled>>(`/conversations/${conversationId}/scheduled`)).items,
  /** At another moment, or without one now. */
  plan: (id: string, moment: Moment) => post<Scheduled>(`/scheduled-messages/${id}/plan`, moment),
  takeBack: (id: string) => post<Scheduled>(`/scheduled-messages/${id}/take-back`),
};
