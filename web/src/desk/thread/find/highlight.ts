/** Finds words in a text however their accents are written, and shows them without touching the page. */

/** The text bare of marks and capitals, and where each of its letters stands in the text as it is. */
export function bare(text: string): { plain: string; at: number[] } {
  let plain = "";
  const at: number[] = [];
  let index = 0;
  for (const letter of text) {
    const folded = letter.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
    plain += folded;
    at.push(...Array<number>(folded.length).fill(index));
    index += letter.length;
  }
  at.push(text.length);
  return { plain, at };
}

/** Where words stand in a text, as pairs of begin and end. */
export function places(text: string, words: readonly string[]): [number, number][] {
  const { plain, at } = bare(text);
  return words.flatMap((word) => {
    const sought = bare(word).plain;
    const found: [number, number][] = [];
    for (let from = sought ? plain.indexOf(sought) : -1; from >= 0; from = plain.indexOf(sought, from + sought.length))
      found.push([at[from] ?? 0, at[from + sought.length] ?? text.length]);
    return found;
  });
}

const NAME = "trato-found";

/** Marks the words in what people wrote on the line; a browser without highlights shows only the message. */
export function highlight(root: Element | null, words: readonly string[]): void {
  if (!("highlights" in CSS)) return;
  const ranges: Range[] = [];
  for (const body of root && words.length ? root.querySelectorAll("[data-message] .body, .subject") : []) {
    const walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      for (const [begin, end] of places(node.textContent ?? "", words)) {
        const range = new Range();
        range.setStart(node, begin);
        range.setEnd(node, end);
        ranges.push(range);
      }
    }
  }
  if (ranges.length) CSS.highlights.set(NAME, new Highlight(...ranges));
  else CSS.highlights.delete(NAME);
}
