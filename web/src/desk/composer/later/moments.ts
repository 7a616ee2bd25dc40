/** The moments that are offered to send later: those of the person's own day. Pure, the present is an argument. */
export type Choice = "afternoon" | "evening" | "tomorrow" | "monday";

interface Wall {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
}

/** What a clock in a zone shows at a moment. */
function wallOf(at: Date, zone: string): Wall {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    hourCycle: "h23",
  }).formatToParts(at);
  const of = (type: string): number => Number(parts.find((part) => part.type === type)?.value ?? 0);
  return { year: of("year"), month: of("month"), day: of("day"), hour: of("hour"), minute: of("minute") };
}

const asUtc = (wall: Wall): number =>
  Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute);

/** The moment at which a clock in a zone shows a time; one that is left out in spring is an hour later. */
export function momentAt(wall: Wall, zone: string): Date {
  const wanted = asUtc(wall);
  let guess = wanted;
  // Twice: the first step may cross a change of the clocks.
  for (let step = 0; step < 2; step++) guess += wanted - asUtc(wallOf(new Date(guess), zone));
  return new Date(guess);
}

/** Whole days later on the calendar of a zone, at an hour. */
function atHour(now: Date, zone: string, days: number, hour: number): Date {
  const today = wallOf(now, zone);
  const then = new Date(Date.UTC(today.year, today.month - 1, today.day + days));
  return momentAt(
    {
      year: then.getUTCFullYear(),
      month: then.getUTCMonth() + 1,
      day: then.getUTCDate(),
      hour,
      minute: 0,
    },
    zone,
  );
}

/** Choices with their moments, each at least an hour ahead. */
export function moments(now: Date, zone: string): { name: Choice; at: Date }[] {
  const today = wallOf(now, zone);
  const weekday = new Date(Date.UTC(today.year, today.month - 1, today.day)).getUTCDay();
  const toMonday = (8 - weekday) % 7 || 7;
  const all: { name: Choice; at: Date }[] = [
    { name: "afternoon", at: atHour(now, zone, 0, 15) },
    { name: "evening", at: atHour(now, zone, 0, 18) },
    { name: "tomorrow", at: atHour(now, zone, 1, 9) },
    { name: "monday", at: atHour(now, zone, toMonday, 9) },
  ];
  return all.filter(
    ({ name, at }) => at.getTime() - now.getTime() >= 3_600_000 && (name !== "monday" || toMonday > 1),
  );
}

/** Whether two clocks show another time now. */
export function clocksDiffer(now: Date, zone: string, other: string): boolean {
  return asUtc(wallOf(now, zone)) !== asUtc(wallOf(now, other));
}
