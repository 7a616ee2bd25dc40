/** Hours as people type them, "09:00-13:00, 14:00-18:00", and the pairs that the server takes. */
import type { Spans } from "./api";

export function written(spans: Spans | undefined): string {
  return (spans ?? []).map(([from, until]) => `${from}-${until}`).join(", ");
}

/** What is no pair of times is sent as it stands, so that the server says what is wrong with it. */
export function read(said: string): Spans {
  return said
    .split(/[,;]/)
    .map((one) => one.trim())
    .filter(Boolean)
    .map((one) => {
      const [from = "", until = ""] = one.split(/\s*(?:-|–|—|\ba\b|\bto\b|\bàs\b)\s*/);
      return [clock(from), clock(until)];
    });
}

/** "9" and "9:30" are meant as 09:00 and 09:30. */
function clock(said: string): string {
  const [hour = "", minute = "00"] = said.trim().split(/[:.h]/);
  return /^\d{1,2}$/.test(hour) && /^\d{2}$/.test(minute || "00")
    ? `${hour.padStart(2, "0")}:${minute || "00"}`
    : said.trim();
}
