/** Who the site says its visitor is, as pages say it: in any shape. */

/** The name by which the site knows who is here; null where it names nobody. */
export function nameOf(identity: unknown): string | null {
  const { userId } = Object(identity) as { userId?: unknown };
  const name = typeof userId === "string" || typeof userId === "number" ? String(userId) : "";
  return name.trim() ? name : null;
}

/** What is missing or of the wrong kind, by its name; null for what has the shape of a proof. */
export function wrongIn(identity: unknown): string | null {
  const given = Object(identity) as Record<string, unknown>;
  const isText = (value: unknown) => typeof value === "string";
  if (!isText(given["userId"]) || nameOf(identity) === null) return "userId";
  for (const name of ["name", "email"]) if (!isText(given[name] ?? "")) return name;
  if (!Number.isSafeInteger(given["exp"])) return "exp";
  return isText(given["signature"]) && given["signature"] ? null : "signature";
}
