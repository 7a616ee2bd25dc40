/** How people are named where a name may be missing. */
import type { Agent, Contact } from "../api/shapes";
import type { ById } from "../live/state";

type Address = Contact["addresses"][number];

/** The addresses that a person would recognise as theirs: not our own marks of a browser or of a customer. */
export function readable(contact: Contact | undefined): Address[] {
  return (contact?.addresses ?? []).filter(({ kind }) => kind !== "visitor" && kind !== "external");
}

/** The numbers by which the shops' own sites know this person; each is kept as `account:number`. */
export function customerNumbers(contact: Contact): string[] {
  return contact.addresses
    .filter(({ kind }) => kind === "external")
    .map(({ value }) => value.slice(value.indexOf(":") + 1));
}

/** The name of a contact, else the address they wrote from, else `unknown`. */
export function nameOf(contact: Contact | undefined, unknown: string): string {
  return contact?.name.trim() || readable(contact)[0]?.value || unknown;
}

export function agentName(agents: ById<Agent>, id: string | null, unknown: string): string {
  return (id && agents[id]?.name) || unknown;
}
