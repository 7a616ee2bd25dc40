/** The stored files of messages, shown and played where they are. */
import { address } from "./client";

export const fileAddress = (id: string): string => address(`/attachments/${id}`);

/** Whether a file is gone for good: erased, or missing in the store. False when that cannot be said now. */
export async function isGone(id: string): Promise<boolean> {
  try {
    const { status } = await fetch(fileAddress(id), { method: "HEAD", credentials: "same-origin" });
    return status === 404 || status === 410;
  } catch {
    return false;
  }
}
