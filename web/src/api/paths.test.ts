/** Every call of the desk is a route of the server, by method and path. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const read = (name: string): string => readFileSync(join(import.meta.dirname, name), "utf8");
/** `/contacts/${id}/block` and `/api/v1/contacts/${string}/block` are the same route. */
const plain = (path: string): string => path.replace(/^\/api\/v1/, "").replace(/\$\{[^}]*\}/g, "*");

const METHODS: Record<string, string> = { remove: "delete" };

function routes(): Set<string> {
  const found = new Set<string>();
  const block = /^ {4}(?:"([^"]+)"|\[path: `([^`]+)`\]): \{$([\s\S]*?)^ {4}\};$/gm;
  for (const [, fixed, pattern, body = ""] of read("schema.d.ts").matchAll(block)) {
    for (const [, method] of body.matchAll(/^ {8}(\w+): operations/gm)) {
      found.add(`${method ?? ""} ${plain(fixed ?? pattern ?? "")}`);
    }
  }
  return found;
}

function calls(file: string): string[] {
  const source = read(file);
  const direct = /\b(get|post|put|patch|remove)(?:<[^(]*>)?\(\s*["`](\/[^"`]*)["`]/g;
  const named = /request<[^(]*>\(\s*"(\w+)",\s*["`](\/[^"`]*)["`]/g;
  return [...source.matchAll(direct), ...source.matchAll(named)].map(
    ([, method = "", path = ""]) => `${METHODS[method] ?? method.toLowerCase()} ${plain(path)}`,
  );
}

const known = routes();

test.each(["session.ts", "desk.ts", "admin.ts", "account.ts"])("the calls of %s exist", (file) => {
  const made = calls(file);
  expect(made.length).toBeGreaterThan(8);
  expect(made.filter((call) => !known.has(call))).toEqual([]);
});
