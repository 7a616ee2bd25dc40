/** Whether the widget asks more of a browser than the oldest one promised has: Chromium 95. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as espree from "espree";

/** Chromium 95, the last for Android 5, knows the syntax of ES2022; of the library this came later. */
const LATER = [
  "findLast", "findLastIndex", "toSorted", "toReversed", "toSpliced", "structuredClone", "withResolvers",
  "fromAsync", "groupBy", "hasIndices", "isWellFormed",
];
const LATER_OF = [/\bAbortSignal\s*\.\s*(timeout|any)\b/, /\bArray\s*\.\s*fromAsync\b/, /\bnavigator\s*\.\s*userActivation\b/];

/** Returns what of a script is too new; empty when all of it is known. */
export function tooNew(script) {
  const found = [];
  try {
    espree.parse(script, { ecmaVersion: 2022, sourceType: "module" });
  } catch (error) {
    found.push(`syntax: ${error.message}`);
  }
  for (const name of LATER) if (new RegExp(`\\.${name}\\s*\\(|\\b${name}\\s*\\(`).test(script)) found.push(name);
  for (const one of LATER_OF) found.push(...(script.match(one)?.slice(0, 1) ?? []));
  return found;
}

/** Returns the built widget's scripts, by name; none before it was built. */
export function built() {
  const root = fileURLToPath(new URL("../../src/trato/static/widget/", import.meta.url));
  if (!existsSync(root)) return [];
  const names = readdirSync(root, { recursive: true }).map(String).filter((name) => name.endsWith(".js"));
  return names.map((name) => [name, readFileSync(join(root, name), "utf8")]);
}
