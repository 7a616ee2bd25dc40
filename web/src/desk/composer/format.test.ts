import { expect, test } from "vitest";
import { formatted, type Format } from "./format";

/** `|` are the ends of what is chosen. */
function done(written: string, as: Format): string {
  const [before = "", inside = "", after = ""] = written.split("|");
  const text = before + inside + after;
  const { from, to, put, choose } = formatted(
    { text, from: before.length, to: before.length + inside.length },
    as,
  );
  const now = text.slice(0, from) + put + text.slice(to);
  return `${now.slice(0, choose[0])}|${now.slice(...choose)}|${now.slice(choose[1])}`;
}

test.each<[string, Format, string]>([
  ["Llega el |viernes|.", "bold", "Llega el **|viernes|**."],
  ["Llega el **|viernes|**.", "bold", "Llega el |viernes|."],
  ["|| aquí", "italic", "_||_ aquí"],
  ["a| b |c", "code", "a `|b|` c"],
  ["vea |el pedido|", "link", "vea [el pedido](|https://|)"],
  ["|https://a.example/1|", "link", "[||](https://a.example/1)"],
  ["uno\n|dos\ntres|", "list", "uno\n|- dos\n- tres|"],
  ["|- dos\n- tres|", "list", "|dos\ntres|"],
  ["a|| b", "numbers", "1. a b||"],
  ["|uno\ndos|", "quote", "|> uno\n> dos|"],
])("%j with %s becomes %j", (written, as, expected) => {
  expect(done(written, as)).toBe(expected);
});
