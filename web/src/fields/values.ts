/** Values of fields between the API and what is typed; choices between the API and lines of text. Pure. */
import type { Language } from "../i18n/languages";
import type { Field, Value } from "./api";

const ORDER = ["es", "en", "pt"] as const;

/** What something is called in the reader's language, else in the first that it has a name in. */
export function called(labels: Readonly<Record<string, string>>, language: Language): string {
  return [language, ...ORDER].map((one) => labels[one]).find(Boolean) ?? Object.values(labels)[0] ?? "";
}

/** A value as its control holds it. */
export const typed = (value: Value): string =>
  value === null ? "" : typeof value === "boolean" ? (value ? "yes" : "no") : String(value);

/** What a control holds, as the API takes it; nothing for an empty one. */
export function meant(kind: Field["kind"], said: string): Value {
  const text = said.trim();
  if (!text) return null;
  if (kind === "number") return Number(text);
  if (kind === "yes_no") return text === "yes";
  return text;
}

type Choices = Field["choices"];

/** Choices as lines: `key = es | en | pt`. */
export const lines = (choices: Choices): string =>
  choices
    .filter((one) => !one.retired)
    .map(({ key, labels }) => `${key} = ${ORDER.map((language) => labels[language] ?? "").join(" | ")}`)
    .map((line) => line.replace(/( \| )+$/, ""))
    .join("\n");

const LINE = /^([a-z][a-z0-9_]{0,39})\s*=\s*(.+)$/;

/** The choices that lines of text mean, or the first line that means none. */
export function choices(text: string): { key: string; labels: Record<string, string> }[] | { wrong: string } {
  const found: { key: string; labels: Record<string, string> }[] = [];
  for (const line of text.split("\n").map((one) => one.trim()).filter(Boolean)) {
    const [, key, names] = LINE.exec(line) ?? [];
    const labels = Object.fromEntries(
      (names ?? "")
        .split("|")
        .map((name, at) => [ORDER[at] ?? "", name.trim()])
        .filter(([language, name]) => language && name),
    ) as Record<string, string>;
    if (!key || !Object.keys(labels).length) return { wrong: line };
    found.push({ key, labels });
  }
  return found;
}
