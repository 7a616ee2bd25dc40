/** Which facts stand beside a conversation, and how they are said. Pure. */
import type { Contact, Fact } from "../../api/shapes";

/** Shown where the person is described; the facts say by whom they were told. */
const ELSEWHERE = new Set(["prefers", "preferred_channel", "tone", "language"]);

/** What was told of the person and of this matter, the matter's first, each by name. */
export function factsBeside(contact: Contact, caseId: string | null): Fact[] {
  return contact.facts
    .filter((fact) => !ELSEWHERE.has(fact.name) && (fact.case_id === null || fact.case_id === caseId))
    .sort(
      (one, other) =>
        Number(other.case_id !== null) - Number(one.case_id !== null) || one.name.localeCompare(other.name),
    );
}

/** Who told what stands in a column of the contact, when a fact keeps it. */
export function factOf(contact: Contact, name: string): Fact | undefined {
  return contact.facts.find((fact) => fact.name === name && fact.case_id === null);
}
