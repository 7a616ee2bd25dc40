/** Whoever is told that a field is wrong goes on in it, and hears why. */
import { tick } from "svelte";

/** Puts the focus into the first field of a form that is marked as wrong, once that is on the page. */
export async function toWrong(form: HTMLElement | undefined): Promise<void> {
  await tick();
  form?.querySelector<HTMLElement>('[aria-invalid="true"], [data-wrong]')?.focus();
}
