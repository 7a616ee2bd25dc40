/** What the composer asks beside sending: the same text to many, translations, a macro for somebody new. */
import { get, post } from "./client";
import type { components } from "./schema";
import type { Contact, Page } from "./shapes";

type Schemas = components["schemas"];

export type SameText = Schemas["SameTextView"];
export type SameTextDay = Schemas["SameTextDay"];
export type Translation = Schemas["TranslatedView"];
export type Filled = Schemas["FilledMacro"];

/** Whom a text goes to: who has a conversation, who is known, or somebody new by their name. */
export interface Recipient {
  conversation_id?: string;
  contact_id?: string;
}

export const composing = {
  sameText: (text: string, to: Recipient, signal: AbortSignal) =>
    post<SameText>("/same-text", { text, ...to }, { signal }),
  sameTextDays: async () => (await get<Page<SameTextDay>>("/same-text/days")).items,
  translator: () => get<Schemas["TranslatorView"]>("/translator"),
  /** The language of each text, null where it is not clear; nobody outside is asked. */
  languages: async (texts: readonly string[]) =>
    (await post<Schemas["LanguagesView"]>("/translator/languages", { texts })).languages,
  translate: (text: string, to: string, source: string | null, signal: AbortSignal) =>
    post<Translation>("/translations", { text, to, source }, { signal }),
  fill: (macroId: string, first: Schemas["FillBody"]) => post<Filled>(`/macros/${macroId}/fill`, first),
  contact: (id: string) => get<Contact>(`/contacts/${id}`),
};
