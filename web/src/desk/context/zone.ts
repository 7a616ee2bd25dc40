/** The hour where somebody lives; pure. */
import type { Language } from "../../i18n/languages";

/** Hour and place of a time zone, or nothing when this browser does not know the zone. */
export function localTime(
  now: number,
  zone: string,
  language: Language,
): { clock: string; place: string } | undefined {
  try {
    const format = new Intl.DateTimeFormat(language, {
      timeZone: zone,
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    });
    return { clock: format.format(now), place: zone.split("/").at(-1)?.replaceAll("_", " ") ?? zone };
  } catch {
    return undefined; // the zone came from outside
  }
}
