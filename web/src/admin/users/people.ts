/** Several people written one a line, each with a name and an e-mail address, in whatever order. */
export interface Invited {
  name: string;
  email: string;
}

const EMAIL = /[^\s<>,;:"()]+@[^\s<>,;:"()]+\.[^\s<>,;:"()]+/;

/** The people, each address once, or the number of the first line (from 1) that does not say both. */
export function peopleOf(typed: string): Invited[] | number {
  const found = new Map<string, Invited>();
  for (const [place, line] of typed.split("\n").entries()) {
    if (!line.trim()) continue;
    const email = EMAIL.exec(line)?.[0];
    const name = email
      ? line
          .replace(email, " ")
          .replace(/[<>,;:"()\t]+/g, " ")
          .replace(/\s+/g, " ")
          .trim()
      : "";
    if (!email || !name) return place + 1;
    const key = email.toLowerCase();
    if (!found.has(key)) found.set(key, { name, email });
  }
  return [...found.values()];
}
