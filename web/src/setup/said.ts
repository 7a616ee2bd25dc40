/** A plan in words: how many of what, and a value on one line. */
import type { Change, Plan } from "./api";

const LONG = 160;

export const counted = (plan: Plan, act: Change["act"]): number =>
  plan.changes.filter((one) => one.act === act).length;

export const untouched = (plan: Plan): number => plan.untouched.reduce((sum, one) => sum + one.count, 0);

/** The value as a person reads it: words as they are, the rest as in the file, cut when it is long. */
export function short(value: unknown): string {
  if (value === null || value === undefined) return "—";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const line = text.replace(/\s+/g, " ").trim();
  if (!line) return "—";
  return line.length > LONG ? `${line.slice(0, LONG - 1)}…` : line;
}

/** A place of the file without the section and the entry, which are named beside it; counted as people count. */
export const placeOf = (field: string): string =>
  field
    .split(".")
    .slice(/^[^.]+\.\d+(\.|$)/.test(field) ? 2 : 1)
    .map((part) => (/^\d+$/.test(part) ? String(Number(part) + 1) : part))
    .join(" › ");

/** What a file says; null for one that is no text in UTF-8, of which letters would be lost. */
export function textOf(bytes: ArrayBuffer): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
