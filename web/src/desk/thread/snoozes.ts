/** The moments that are offered to put something off; pure, the present is an argument. */
export type Snooze = "hour" | "afternoon" | "tomorrow" | "monday";

function atHour(now: Date, days: number, hour: number): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, hour);
}

/** Choices with their moments; this afternoon only while it lies more than an hour ahead. */
export function snoozes(now: Date): { name: Snooze; until: Date }[] {
  const afternoon = atHour(now, 0, 16);
  const toMonday = (8 - now.getDay()) % 7 || 7;
  const all: { name: Snooze; until: Date }[] = [
    { name: "hour", until: new Date(now.getTime() + 3_600_000) },
    { name: "afternoon", until: afternoon },
    { name: "tomorrow", until: atHour(now, 1, 9) },
    { name: "monday", until: atHour(now, toMonday, 9) },
  ];
  return all.filter(
    (choice) => choice.name !== "afternoon" || afternoon.getTime() - now.getTime() > 3_600_000,
  );
}
