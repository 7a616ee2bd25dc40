import { expect, test } from "vitest";
import cases from "../../tests/data/marks/cases.json";
import { hasMarks, read, type Block, type Inline } from "./marks";
import { toPlain, toWhatsapp } from "./written";

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

function html(pieces: readonly Inline[]): string {
  return pieces
    .map((piece) => {
      if (typeof piece === "string") return escaped(piece).replaceAll("\n", "<br>");
      if (piece.type === "code") return `<code>${escaped(piece.text)}</code>`;
      if (piece.type === "link") return `<a href="${escaped(piece.href)}">${html(piece.inside)}</a>`;
      return `<${piece.type}>${html(piece.inside)}</${piece.type}>`;
    })
    .join("");
}

function whole(blocks: readonly Block[], tight = false): string {
  return blocks
    .map((block) => {
      if (block.type === "paragraph") return tight ? html(block.inside) : `<p>${html(block.inside)}</p>`;
      if (block.type === "code") return `<pre><code>${escaped(block.text)}</code></pre>`;
      if (block.type === "quote") return `<blockquote>${whole(block.blocks)}</blockquote>`;
      const items = block.items.map((item) => `<li>${whole(item, true)}</li>`).join("");
      if (block.start === null) return `<ul>${items}</ul>`;
      return `<ol${block.start === 1 ? "" : ` start="${block.start.toString()}"`}>${items}</ol>`;
    })
    .join("");
}

/** The server's HTML without what only its looks need. */
const asServer = (text: string): string =>
  text
    .replaceAll(' rel="noopener noreferrer"', "")
    .replaceAll("<br>\n", "<br>")
    .replaceAll("\n</code>", "</code>")
    .replaceAll(/>\n+/g, ">")
    .replaceAll(/\n+</g, "<")
    .replaceAll("&quot;", '"');

test.each(cases)("reads $source as the server does", ({ source, marks, html: expected, plain, whatsapp }) => {
  expect(whole(read(source)).replaceAll("&quot;", '"')).toBe(asServer(expected));
  expect([hasMarks(source), toPlain(source), toWhatsapp(source)]).toEqual([marks, plain, whatsapp]);
});

test("what is hostile ends, and leads nowhere but to web pages and mail", () => {
  const hostile = ["*".repeat(5_000), "[".repeat(5_000), "`".repeat(5_001), "> ".repeat(3_000), "- ".repeat(3_000)];
  for (const source of [...hostile, hostile.join("\n"), "_a".repeat(5_000), "**a ".repeat(2_000)]) {
    const from = performance.now();
    read(source);
    expect(performance.now() - from).toBeLessThan(1_500);
  }
});
