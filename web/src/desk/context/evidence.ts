/** Why two people may be one, in words; a reason that is new to us is shown as it came. */
import type { t } from "../../i18n/index.svelte";

export function evidenceSaid(evidence: Record<string, unknown>, words: typeof t): string {
  const known: Record<string, string> = words.desk.who.evidence;
  return Object.entries(evidence)
    .map(([why, what]) => (typeof what === "string" ? `${known[why] ?? why} (${what})` : (known[why] ?? why)))
    .join(" · ");
}
