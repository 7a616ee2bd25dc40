import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { awaitWindow } from "./arriving";

const behind = vi.fn();
let over: () => void;

function press(key: string, target: EventTarget = document.body): boolean {
  return target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
}

function opens(inner: string): HTMLElement {
  const dialog = document.createElement("div");
  dialog.role = "dialog";
  dialog.tabIndex = -1;
  dialog.innerHTML = inner;
  return document.body.appendChild(dialog);
}

const field = (dialog: HTMLElement): HTMLInputElement => {
  const found = dialog.querySelector("input");
  if (!found) throw new Error("no field");
  return found;
};

beforeEach(() => {
  behind.mockReset();
  addEventListener("keydown", behind);
  over = awaitWindow();
});
afterEach(() => {
  over();
  removeEventListener("keydown", behind);
  document.body.replaceChildren();
});

test("what is typed until a window stands is put into its field, and told", () => {
  for (const key of ["e", "n", "x", "Backspace", "t", "Enter"]) expect(press(key)).toBe(false);
  expect(behind).not.toHaveBeenCalled();
  const input = field(opens("<input>"));
  const told = vi.fn();
  input.addEventListener("input", told);
  input.focus();
  expect([input.value, told.mock.calls.length]).toEqual(["ent", 1]);
  expect(press("r", input)).toBe(true); // from now on the field has them itself
  expect([input.value, behind.mock.calls.length]).toEqual(["ent", 1]);
});

test("a field that comes after the window gets it all, in what was there already at the caret", () => {
  press("a");
  const dialog = opens("");
  dialog.focus();
  press("b", dialog);
  expect(behind).toHaveBeenCalledTimes(1); // keys know a window when they are in it
  dialog.innerHTML = '<input maxlength="6" value="1234">';
  const input = field(dialog);
  input.setSelectionRange(4, 4);
  input.focus();
  expect(input.value).toBe("1234ab");
});

test("what is no text field gets nothing, and keys with Ctrl stay what they are", () => {
  expect(dispatchEvent(new KeyboardEvent("keydown", { key: "k", ctrlKey: true, cancelable: true }))).toBe(true);
  press("a");
  const dialog = opens("<button>x</button><input>");
  dialog.querySelector("button")?.focus();
  field(dialog).focus();
  expect(field(dialog).value).toBe("");
});

test("when it will not come, or somebody points elsewhere, keys are what they were", () => {
  press("a");
  over();
  expect(press("b")).toBe(true);
  over = awaitWindow();
  document.body.dispatchEvent(new Event("pointerdown", { bubbles: true }));
  expect(press("c")).toBe(true);
  expect(behind).toHaveBeenCalledTimes(2);
});

test("only one is awaited: what is let go of later than the next was asked for ends nothing", () => {
  const first = over;
  over = awaitWindow();
  first();
  expect(press("a")).toBe(false);
});
