/** The ways in which work may end, as a choice; empty while there is no list and any words will do. */
import type { Language } from "../i18n/languages";
import { automation, type Disposition } from "./api";

export interface Ending {
  value: string;
  label: string;
}

export function endings(all: readonly Disposition[] | undefined, language: Language): Ending[] {
  const used = (all ?? []).filter((one) => one.active);
  if (!used.length) return [];
  return [
    { value: "", label: "—" },
    ...used.map((one) => ({ value: one.code, label: one.names[language] ?? Object.values(one.names)[0] ?? one.code })),
  ];
}

export const askEndings = automation.dispositions;
