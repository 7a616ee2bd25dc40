/** What is typed while a window that somebody asked for is on its way: it is for that window, not for what is behind. */

/** What opens on asking: a window, or a bar that looks for something. */
const OPENED = "[role=dialog], search";
/** A window without a field in it may get one when it knows more; what is typed on is kept for it so long. */
const FIELD_MS = 3_000;
const MOST = 200;

let asked: object | undefined;
let typed = "";
let timer: ReturnType<typeof setTimeout> | undefined;

function stop(): void {
  asked = undefined;
  typed = "";
  clearTimeout(timer);
  timer = undefined;
  removeEventListener("keydown", pressed, true);
  removeEventListener("focusin", arrived, true);
  removeEventListener("pointerdown", stop, true);
}

/** Begins to keep what is typed, until the window has the focus; call the answer when it will not come. */
export function awaitWindow(): () => void {
  stop();
  const one = (asked = {});
  addEventListener("keydown", pressed, true);
  addEventListener("focusin", arrived, true);
  addEventListener("pointerdown", stop, true); // whoever points elsewhere does not wait for it
  return () => {
    if (asked === one) stop();
  };
}

function isLetter(event: KeyboardEvent): boolean {
  const combined = event.ctrlKey || event.metaKey || event.altKey;
  return event.key.length === 1 && (!combined || event.getModifierState("AltGraph"));
}

function takesText(target: Element): target is HTMLInputElement | HTMLTextAreaElement {
  return target.matches(
    "textarea, input:not([type=checkbox], [type=radio], [type=date], [type=datetime-local], [type=file])",
  );
}

/** Takes a key for the window; answers whether it was one. */
function keep({ key, repeat }: KeyboardEvent, letter: boolean): boolean {
  if (letter) typed = repeat ? typed : (typed + key).slice(0, MOST);
  else if (key === "Backspace") typed = typed.slice(0, -1);
  else if (key === "Escape") typed = "";
  else return key === "Enter"; // it would press what is behind
  return true;
}

function pressed(event: KeyboardEvent): void {
  if (event.isComposing) return;
  const target = event.target instanceof Element ? event.target : document.body;
  const letter = isLetter(event);
  if (target.closest(OPENED)) {
    // Here already, and waiting for its field: what else is pressed is its own.
    if (letter && target.matches(OPENED)) keep(event, letter);
    else if (event.key.length > 1 && event.key !== "Shift") stop();
  } else if (keep(event, letter)) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}

function arrived({ target }: FocusEvent): void {
  if (!(target instanceof Element) || !target.closest(OPENED)) return;
  if (target.matches(OPENED)) {
    timer ??= setTimeout(stop, FIELD_MS);
    return;
  }
  const said = typed;
  stop();
  if (said && takesText(target) && !target.readOnly) type(target, said);
}

function type(field: HTMLInputElement | HTMLTextAreaElement, said: string): void {
  const { selectionStart: from, selectionEnd: to, maxLength } = field;
  const text = maxLength < 0 ? said : said.slice(0, Math.max(0, maxLength - field.value.length));
  if (from === null) field.value += text;
  else field.setRangeText(text, from, to ?? from, "end");
  field.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertText", data: text }));
}
