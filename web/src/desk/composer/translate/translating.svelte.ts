/** Whether a translator is configured: asked once a page, and without one nothing of it is shown. */
import { me } from "../../../access/session.svelte";

let on = $state(false);

export const translating = {
  /** Whether a text in a language could be read in the agent's own with one press. */
  of: (language: string | null | undefined): boolean =>
    on && !!language && language.slice(0, 2) !== me.session.user.language.slice(0, 2),
  found(available: boolean): void {
    on = available;
  },
};
