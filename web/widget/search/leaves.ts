/** Draws an article from its tree: only these elements, only links of the web, whatever the server sent. */
import { html, type TemplateResult } from "lit";
import type { Leaf } from "../types";

type Drawn = string | TemplateResult;

const WRAPS: Record<string, (inside: Drawn[]) => TemplateResult> = {
  p: (inside) => html`<p>${inside}</p>`,
  ul: (inside) => html`<ul>${inside}</ul>`,
  ol: (inside) => html`<ol>${inside}</ol>`,
  li: (inside) => html`<li>${inside}</li>`,
  strong: (inside) => html`<strong>${inside}</strong>`,
  em: (inside) => html`<em>${inside}</em>`,
  code: (inside) => html`<code>${inside}</code>`,
  pre: (inside) => html`<pre>${inside}</pre>`,
  blockquote: (inside) => html`<blockquote>${inside}</blockquote>`,
  br: () => html`<br />`,
  table: (inside) => html`<div class="table" tabindex="0"><table>${inside}</table></div>`,
  thead: (inside) => html`<thead>${inside}</thead>`,
  tbody: (inside) => html`<tbody>${inside}</tbody>`,
  tr: (inside) => html`<tr>${inside}</tr>`,
  th: (inside) => html`<th>${inside}</th>`,
  td: (inside) => html`<td>${inside}</td>`,
  h3: (inside) => html`<h3>${inside}</h3>`,
  h4: (inside) => html`<h4>${inside}</h4>`,
  h5: (inside) => html`<h5>${inside}</h5>`,
  h6: (inside) => html`<h6>${inside}</h6>`,
};

export function leaves(of: readonly Leaf[] | undefined): Drawn[] {
  return (of ?? []).map((leaf) => {
    if (typeof leaf === "string") return leaf;
    const inside = leaves(leaf.c);
    if (leaf.t === "a" && leaf.href && /^(https?|mailto|tel):/i.test(leaf.href)) {
      return html`<a href=${leaf.href} target="_blank" rel="noopener noreferrer">${inside}</a>`;
    }
    const wrap = Object.prototype.hasOwnProperty.call(WRAPS, leaf.t) ? WRAPS[leaf.t] : undefined;
    return wrap ? wrap(inside) : html`${inside}`;
  });
}
