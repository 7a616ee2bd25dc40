/** How people are named where a name may be missing. */
import type { Agent, Contact } from "../api/shapes";
import type { ById } from "../live/state";

/** The name of a contact, else the address they wrote from, else `unknown`. */
export function nameOf(contact: Contact | undefined, unknown: string): string {
  const readable = contact?.addresses.find((address) => address.kind !== "visitor")?.value;
  return contact?.name.trim() || readable || unknown;
}

export function agentName(agents: ById<Agent>, id: string | null, unknown: string): string {
  return (id && agents[id]?.name) || unknown;
}
