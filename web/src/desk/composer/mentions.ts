/** Whom a note calls by name. Pure. */
import { folded } from "../../ui/folded";

interface Named {
  id: string;
  name: string;
  active: boolean;
}

const MOST = 6;

/** What is written of a name before the cursor, behind an @ at the beginning of a word; null when nothing is. */
export function called(text: string, at: number): { from: number; written: string } | null {
  const found = /(?:^|[\s(])@([\p{L}\p{M}.'’-]*(?: [\p{L}\p{M}.'’-]*)?)$/u.exec(text.slice(0, at));
  const written = found?.[1];
  return written === undefined ? null : { from: at - written.length - 1, written };
}

/** Colleagues whose name, or one of its words, begins so; accents count for nothing. */
export function suggested<One extends Named>(written: string, agents: readonly One[]): One[] {
  const wanted = folded(written);
  const begins = (name: string): boolean =>
    folded(name).startsWith(wanted) || folded(name).split(" ").some((word) => word.startsWith(wanted));
  return agents
    .filter(({ active, name }) => active && begins(name))
    .sort((one, other) => one.name.localeCompare(other.name))
    .slice(0, MOST);
}

/** The ids of those that a text calls, by their whole names; a longer name that begins with a shorter one wins. */
export function mentioned(text: string, agents: readonly Named[]): string[] {
  let rest = text;
  const ids: string[] = [];
  for (const { id, name, active } of [...agents].sort((one, other) => other.name.length - one.name.length)) {
    if (!active || !name || !rest.includes(`@${name}`)) continue;
    ids.push(id);
    rest = rest.replaceAll(`@${name}`, "");
  }
  return ids;
}
