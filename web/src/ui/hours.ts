/** Opening hours as values: what is offered first, and changes of one day. */
import type { Hours, WEEKDAYS } from "../api/shapes";

type Weekday = (typeof WEEKDAYS)[number];

const NINE_TO_SIX: [string, string][] = [["09:00", "18:00"]];

export const OFFICE_HOURS: Hours = {
  mon: NINE_TO_SIX,
  tue: NINE_TO_SIX,
  wed: NINE_TO_SIX,
  thu: NINE_TO_SIX,
  fri: NINE_TO_SIX,
};

/** Where a span ends: later that day, on the next one, or where it began, which is no span. */
export function endOf([from, until]: readonly [string, string]): "later" | "next" | "same" {
  if (from === until) return "same";
  return until > from ? "later" : "next";
}

/** The same hours with one day opened or closed. */
export function withDay(hours: Hours, day: Weekday, open: boolean): Hours {
  const { [day]: former, ...others } = hours;
  return open ? { ...others, [day]: former ?? NINE_TO_SIX } : others;
}

/** The same hours with one end of a day's first span moved; further spans of that day stay. */
export function withTime(hours: Hours, day: Weekday, end: 0 | 1, time: string): Hours {
  const [first = ["09:00", "18:00"], ...rest] = hours[day] ?? [];
  const moved: [string, string] = end === 0 ? [time, first[1]] : [first[0], time];
  return { ...hours, [day]: [moved, ...rest] };
}
