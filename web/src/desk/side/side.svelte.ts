/** What colleagues say to each other of one case, kept true while it is shown. Call while a component is set up. */
import { side as api, type SideChat } from "../../api/side";
import type { Message } from "../../api/shapes";
import { followSome } from "../../live/following.svelte";
import { once } from "../../live/once.svelte";
import type { DeskEvent } from "../../live/state";
import type { Fetched } from "../../ui/fetched.svelte";

interface Told {
  message?: Message;
  case_id?: string;
  case?: { id: string };
}

/** Whether an event changes what is said there, or who is in it. */
function concerns({ type, data }: DeskEvent, caseId: string): boolean {
  const { message, case_id, case: matter } = data as Told;
  if (message) return message.case_id === caseId && message.payload.side !== undefined;
  return (type === "side_chat.left" && case_id === caseId) || (type === "case.changed" && matter?.id === caseId);
}

/** The same for all parts that show it. */
export function followSide(caseId: string): Fetched<SideChat> {
  return once(`side:${caseId}`, () =>
    followSome(
      () => api.chat(caseId),
      (event) => concerns(event, caseId),
    ),
  );
}

let read = $state.raw<Readonly<Record<string, string>>>({});

/** Up to when the reader has read here, by case: to read writes no event. */
export const sideRead = {
  of: (caseId: string): string => read[caseId] ?? "",
  note(caseId: string, until: string): void {
    read = { ...read, [caseId]: until };
    api.readUntil(caseId, until).catch(() => undefined); // nothing depends on the answer
  },
};

let wanted = $state(0);

/** A wish to write there, by key or by what is new; each wish is another number. */
export const sideWish = {
  get number() {
    return wanted;
  },
  make(): void {
    wanted += 1;
  },
};
