/** What a browser says of a field that is not right, in the reader's language instead of the browser's. */
import { t } from "../i18n/index.svelte";

type Checked = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

type Seen = Pick<Checked, "validity" | "type"> & {
  minLength?: number;
  title?: string;
  required?: boolean;
  value?: string;
};

/** Whether nothing but blanks was typed where something is asked for; a password may be what it likes. */
export const isBlank = ({ required, type, value }: Omit<Seen, "validity">): boolean =>
  Boolean(required && value) && type !== "password" && !value?.trim();

/** The sentence for what is wrong with a field, or nothing when the browser knows better words than we. */
export function wrong(field: Seen): string {
  const { validity, type } = field;
  const words = t.common.invalid;
  if (validity.valueMissing || isBlank(field)) return type === "checkbox" ? words.unchecked : words.missing;
  if (validity.typeMismatch) return type === "email" ? words.email : words.address;
  if (validity.patternMismatch) return field.title || words.pattern;
  if (validity.tooShort) return words.tooShort(field.minLength ?? 0);
  if (validity.badInput || validity.rangeUnderflow || validity.rangeOverflow || validity.stepMismatch)
    return words.number;
  return "";
}

const isField = (target: EventTarget | null): target is Checked =>
  target instanceof HTMLInputElement ||
  target instanceof HTMLTextAreaElement ||
  target instanceof HTMLSelectElement;

/** Puts our words in place of the browser's, on every form of the page. */
export function sayInOurWords(page: Document): void {
  page.addEventListener(
    "invalid",
    ({ target }) => {
      if (isField(target)) target.setCustomValidity(wrong(target));
    },
    true,
  );
  // What was said is taken back at the next letter, or the field would stay wrong for ever; the others' too, as what
  // is asked of one may depend on another. Whatever still holds is said again when the form is sent.
  for (const event of ["input", "change"]) {
    page.addEventListener(
      event,
      ({ target }) => {
        if (!isField(target)) return;
        for (const one of target.form?.elements ?? [target]) if (isField(one)) one.setCustomValidity("");
      },
      true,
    );
  }
  // To a browser blanks are something; to the server they are nothing, and so they are to us.
  page.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (!(form instanceof HTMLFormElement)) return;
      const blank = [...form.elements].find((one) => isField(one) && isBlank(one)) as Checked | undefined;
      if (!blank) return;
      event.preventDefault();
      event.stopPropagation();
      blank.setCustomValidity(t.common.invalid.missing);
      blank.reportValidity();
    },
    true,
  );
}
