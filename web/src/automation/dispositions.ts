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

/** What stands there before the agent chooses: what was said or offered, while it may still be chosen. Pure. */
export function offered(code: string | null | undefined, choices: readonly Ending[]): string {
  const known = !choices.length || choices.some((one) => one.value === code);
  return code && known ? code : "";
}

export const askEndings = automation.dispositions;
