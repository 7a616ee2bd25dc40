/** Moments between the API (RFC 3339) and `<input type="datetime-local">`, in the time of this device; pure. */
const two = (value: number): string => value.toString().padStart(2, "0");

/** The local writing of a moment, to the minute; nothing for none. */
export function toLocal(at: string | null): string {
  if (!at) return "";
  const moment = new Date(at);
  const day = `${moment.getFullYear().toString()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
  return `${day}T${two(moment.getHours())}:${two(moment.getMinutes())}`;
}

/** The moment that a local writing means; `null` for an empty field. */
export function fromLocal(written: string): string | null {
  return written ? new Date(written).toISOString() : null;
}
