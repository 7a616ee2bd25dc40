/** What was being said to colleagues when last heard of: the same words again are the same message. On this device. */
export interface Going {
  text: string;
  id: string;
}

const place = (caseId: string): string => `trato.saying.${caseId}`;

export function goingOf(caseId: string): Going | undefined {
  try {
    return (JSON.parse(localStorage.getItem(place(caseId)) ?? "null") as Going | null) ?? undefined;
  } catch {
    return undefined; // storage is blocked or holds something else
  }
}

export function keepGoing(caseId: string, going: Going | undefined): void {
  try {
    if (going) localStorage.setItem(place(caseId), JSON.stringify(going));
    else localStorage.removeItem(place(caseId));
  } catch {
    // storage is blocked or full: it lasts as long as the page
  }
}

/** What is left of a text when these words were said. Pure. */
export const after = (said: string, text: string): string =>
  text.startsWith(said) ? text.slice(said.length).trimStart() : text;
