/** Where in a text that is being written something stands that the server found in the saved one. */
import type { Unsupported } from "./api";

/** The place in UTF-16 units, as a text area counts; nothing once it was taken out. */
export function placed(one: Unsupported, text: string): [number, number] | undefined {
  // The server counts characters, of which one beyond the first plane is two units here.
  const start = [...text].slice(0, one.start).join("").length;
  const at = text.startsWith(one.text, start) ? start : text.indexOf(one.text);
  return at < 0 ? undefined : [at, at + one.text.length];
}
