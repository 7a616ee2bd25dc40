/** A contact's data: a copy of all of it, erasing it, keeping it after all. */
import { address, get, post } from "../api/client";
import { Problem } from "../api/problem";
import type { components } from "../api/schema";
import type { Page } from "../api/shapes";

export type Erasure = components["schemas"]["ErasureView"];

const NOT_FOUND = 404;
const place = (contactId: string): string => `/contacts/${contactId}/erasure`;

export const privacy = {
  list: (cursor: string | null) => get<Page<Erasure>>("/erasures", { cursor: cursor ?? undefined }),
  /** The erasure that waits, else the last one; null when none was ever asked for. */
  of: async (contactId: string): Promise<Erasure | null> => {
    try {
      return await get<Erasure>(place(contactId));
    } catch (error) {
      if (error instanceof Problem && error.status === NOT_FOUND) return null;
      throw error;
    }
  },
  ask: (contactId: string, reason: string, graceDays: number) =>
    post<Erasure>(place(contactId), { reason, grace_days: graceDays }),
  cancel: (contactId: string, reason: string) => post<Erasure>(`${place(contactId)}/cancel`, { reason }),
  copyAddress: (contactId: string): string => address(`/contacts/${contactId}/export`),
};
