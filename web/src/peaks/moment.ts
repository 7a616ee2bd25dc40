/** An instant as a field of local date and time shows it: the reader's own clock, to the minute. */
export function localMoment(at: string | undefined): string {
  if (!at) return "";
  const date = new Date(at);
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}
