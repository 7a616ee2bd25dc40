/** Lengths of time as people say them, in the reader's language. */
import type { Language } from "../i18n/languages";

export const TARGETS = ["first_reply", "next_reply", "resolution"] as const;

/** "45 min", "2 h", "1 d 4 h": the two largest units. */
export function duration(seconds: number, language: Language): string {
  const minutes = Math.max(1, Math.round(seconds / 60));
  const parts = [
    [Math.floor(minutes / 1440), "day"],
    [Math.floor((minutes % 1440) / 60), "hour"],
    [minutes % 60, "minute"],
  ] as const;
  return parts
    .filter(([count]) => count)
    .slice(0, 2)
    .map(([count, unit]) =>
      new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "short" }).format(count),
    )
    .join(" ");
}

/** Minutes as they are typed, as seconds; null for none, undefined for what is no length of time. */
export function seconds(minutes: string): number | null | undefined {
  if (!minutes.trim()) return null;
  const found = Math.round(Number(minutes.replace(",", ".")) * 60);
  return Number.isFinite(found) && found > 0 ? found : undefined;
}

export function minutes(found: number | null | undefined): string {
  return found ? String(found / 60) : "";
}
