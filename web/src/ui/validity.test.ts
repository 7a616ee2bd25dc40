// @vitest-environment happy-dom
import { beforeAll, expect, test } from "vitest";
import { speak } from "../i18n/index.svelte";
import { sayInOurWords, wrong } from "./validity";

beforeAll(async () => {
  await speak("es");
});

const field = (type: string, ...flags: (keyof ValidityState)[]) => ({
  type,
  minLength: 12,
  validity: Object.fromEntries(flags.map((flag) => [flag, true])) as unknown as ValidityState,
});

test.each([
  [field("text", "valueMissing"), "Complete este dato."],
  [field("email", "typeMismatch"), "Escriba un correo completo, como ana@ejemplo.com."],
  [field("password", "tooShort"), "Escriba al menos 12 caracteres."],
  [field("text", "patternMismatch"), "Escríbalo en la forma que se pide."],
  [{ ...field("text", "patternMismatch"), title: "Escriba tres letras." }, "Escriba tres letras."],
  [{ ...field("text"), required: true, value: "  " }, "Complete este dato."],
  [{ ...field("password"), required: true, value: "  " }, ""],
  [{ ...field("text"), required: false, value: "  " }, ""],
])("what is wrong is said in the reader's language", (one, said) => {
  expect(wrong(one)).toBe(said);
});

test("a field that was wrong is looked at anew once something is typed", () => {
  sayInOurWords(document);
  document.body.innerHTML = "<input required />";
  const input = document.querySelector("input");
  input?.dispatchEvent(new Event("invalid", { cancelable: true }));
  expect(input?.validationMessage).toBe("Complete este dato.");
  if (input) input.value = "x";
  input?.dispatchEvent(new Event("input", { bubbles: true }));
  expect(input?.checkValidity()).toBe(true);
});

test("a form with nothing but blanks where something is asked for is not sent", () => {
  sayInOurWords(document);
  document.body.innerHTML = "<form><input required value='  ' /><input /></form>";
  const form = document.querySelector("form");
  const [asked, other] = document.querySelectorAll("input");
  const sent = (): boolean =>
    form?.dispatchEvent(new SubmitEvent("submit", { bubbles: true, cancelable: true })) ?? false;
  expect(sent()).toBe(false);
  expect(asked?.validationMessage).toBe("Complete este dato.");
  // what is written elsewhere may be enough: it is looked at anew when the form is sent
  other?.dispatchEvent(new Event("input", { bubbles: true }));
  expect(asked?.validationMessage).toBe("");
  expect(sent()).toBe(false);
  if (asked) asked.required = false;
  expect(sent()).toBe(true);
});
