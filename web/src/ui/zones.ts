/** The time zones that this browser knows, as options of a list. */
export function zones(current: string): { value: string; label: string }[] {
  const known = new Set([current, ...Intl.supportedValuesOf("timeZone"), "UTC"]);
  return [...known].sort().map((value) => ({ value, label: value.replaceAll("_", " ") }));
}
