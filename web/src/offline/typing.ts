/** Whether somebody has begun to write something on the page. */

const FIELDS = "textarea, [contenteditable='true'], input:not([type='hidden'])";
const PLAIN = new Set(["text", "email", "search", "tel", "url", "number", "password"]);

/** True for text in an area or editor, for a field that differs from what it began with, and for an open dialog. */
export function isTyping(page: Document): boolean {
  if (page.querySelector("[role='dialog'], dialog[open]")) return true;
  return [...page.querySelectorAll<HTMLElement>(FIELDS)].some((field) => {
    if (field instanceof HTMLTextAreaElement) return field.value.trim() !== "";
    if (field instanceof HTMLInputElement) return PLAIN.has(field.type) && field.value !== field.defaultValue;
    return (field.textContent ?? "").trim() !== "";
  });
}
