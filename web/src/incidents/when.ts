/** When an incident began, the window of planned work in its own time zone, and why one is linked. Pure. */
import type { Words } from "../i18n/incidents/es";
import type { Language } from "../i18n/languages";
import { fullMoment } from "../ui/time";
import type { Incident, Link } from "./api";
import { localIn } from "./standing";

export function when(one: Incident, language: Language, words: Words): string {
  if (!one.starts_at || !one.ends_at || !one.time_zone)
    return words.since(fullMoment(new Date(one.began_at), language));
  const [from, until] = [one.starts_at, one.ends_at].map((at) => localIn(one.time_zone ?? "UTC", at).replace("T", " "));
  return `${from ?? ""} – ${until ?? ""} (${one.time_zone.replaceAll("_", " ")})`;
}

/** By what one can tell that a conversation is about it. */
export function because(link: Link, words: Words): string {
  const said = link.reason.phrase ?? link.reason.words?.join(", ");
  return said ? words.byWords(said) : words.byHand;
}
