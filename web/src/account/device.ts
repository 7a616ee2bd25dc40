/** Names a device by its User-Agent, as far as a person needs to recognise their own; pure. */
const BROWSERS: [RegExp, string][] = [
  [/Edg\//, "Edge"],
  [/OPR\//, "Opera"],
  [/Firefox\//, "Firefox"],
  [/Chrom(e|ium)\//, "Chrome"],
  [/Safari\//, "Safari"],
];
const SYSTEMS: [RegExp, string][] = [
  [/iPhone|iPad/, "iOS"],
  [/Android/, "Android"],
  [/Windows/, "Windows"],
  [/Mac OS X/, "macOS"],
  [/Linux/, "Linux"],
];

/** `Firefox · Windows`; what is not recognised is shown as it came, shortened. */
export function deviceOf(userAgent: string): string {
  const first = (known: [RegExp, string][]): string | undefined =>
    known.find(([sign]) => sign.test(userAgent))?.[1];
  const parts = [first(BROWSERS), first(SYSTEMS)].filter(Boolean);
  return parts.join(" · ") || userAgent.slice(0, 60) || "?";
}
