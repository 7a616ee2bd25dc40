/** What of an article goes into an answer. Pure. */
import type { InContext } from "./api";

type Shown = Pick<InContext, "title" | "language" | "slug" | "passage">;

/** The page that readers see. */
export function pageOf({ language, slug }: Shown): string {
  return `/help/${language}/articles/${slug}`;
}

/** The passage that answers, then where the rest is: to be adapted by who sends it. */
export function asAnswer(shown: Shown, origin: string): string {
  const where = `${shown.title}: ${origin}${pageOf(shown)}`;
  return shown.passage ? `${shown.passage.trim()}\n\n${where}` : where;
}
