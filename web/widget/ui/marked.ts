/** Marked text as elements: what was typed stays text, whatever stands in it. */
import { html, type TemplateResult } from "lit";
import { read, type Block, type Inline } from "../../marks/marks";
import { linked } from "./format";

type Piece = string | TemplateResult;

export function marked(text: string): TemplateResult[] {
  return blocks(read(text), false);
}

function blocks(of: readonly Block[], tight: boolean): TemplateResult[] {
  return of.map((block) => {
    if (block.type === "paragraph") {
      const inside = inline(block.inside, true);
      return tight ? html`${inside}` : html`<p>${inside}</p>`;
    }
    if (block.type === "code") return html`<pre><code>${block.text}</code></pre>`;
    if (block.type === "quote") return html`<blockquote>${blocks(block.blocks, false)}</blockquote>`;
    const items = block.items.map((item) => html`<li>${blocks(item, true)}</li>`);
    return block.start === null ? html`<ul>${items}</ul>` : html`<ol start=${block.start}>${items}</ol>`;
  });
}

function inline(of: readonly Inline[], links: boolean): Piece[] {
  return of.flatMap((piece): Piece[] => {
    if (typeof piece === "string") return links ? linked(piece) : [piece];
    if (piece.type === "code") return [html`<code>${piece.text}</code>`];
    if (piece.type === "link") return [link(piece.href, inline(piece.inside, false))];
    const inside = inline(piece.inside, links);
    return [piece.type === "strong" ? html`<strong>${inside}</strong>` : html`<em>${inside}</em>`];
  });
}

const link = (href: string, inside: Piece[]): TemplateResult =>
  html`<a href=${href} target="_blank" rel="noopener noreferrer nofollow">${inside}</a>`;
