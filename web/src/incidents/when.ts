/** When an incident began, or the window of planned work in its own time zone. Pure. */
import type { Words } from "../i18n/incidents/es";
import type { Language } from "../i18n/languages";
import { fullMoment } from "../ui/time";
import type { Incident } from "./api";
import { localIn } from "./standing";

export function when(one: Incident, language: Language, words: Words): string {
  if (!one.starts_at || !one.ends_at || !one.time_zone)
    return words.since(fullMoment(new Date(one.began_at), language));
  const [from, until] = [one.starts_at, one.ends_at].map((at) => localIn(one.time_zone ?? "UTC", at).replace("T", " "));
  return `${from ?? ""} – ${until ?? ""} (${one.time_zone.replaceAll("_", " ")})`;
}
