/** Writes marked text as each channel sends it, for who wants to see it before; the same as `trato.kit.marks`. */
import { read, type Block, type Inline } from "./marks";

interface Signs {
  strong: string;
  em: string;
  code: string;
  fence: string;
}
const PLAIN: Signs = { strong: "", em: "", code: "", fence: "" };
const WHATSAPP: Signs = { strong: "*", em: "_", code: "`", fence: "```" };

/** Without marks; where a link leads stands behind its words. */
export const toPlain = (source: string): string => lines(read(source), PLAIN, true).join("\n");
/** With WhatsApp's own marks. */
export const toWhatsapp = (source: string): string => lines(read(source), WHATSAPP, true).join("\n");

function lines(blocks: readonly Block[], signs: Signs, apart: boolean): string[] {
  return blocks.flatMap((block, index) => [
    ...(index && apart ? [""] : []),
    ...ofBlock(block, signs),
  ]);
}

function ofBlock(block: Block, signs: Signs): string[] {
  switch (block.type) {
    case "paragraph":
      return inline(block.inside, signs).split("\n");
    case "code":
      return [signs.fence, ...block.text.split("\n"), signs.fence].filter(
        (line, index, all) => line || (index > 0 && index < all.length - 1),
      );
    case "quote":
      return lines(block.blocks, signs, true).map((line) => `> ${line}`.trimEnd());
    case "list":
      return block.items.flatMap((item, index) => {
        const sign = block.start === null ? "- " : `${(block.start + index).toString()}. `;
        return lines(item, signs, false).map((line, number) =>
          (number ? " ".repeat(sign.length) : sign) + line,
        );
      });
  }
}

function inline(pieces: readonly Inline[], signs: Signs): string {
  return pieces
    .map((piece) => {
      if (typeof piece === "string") return piece;
      if (piece.type === "code") return signs.code + piece.text + signs.code;
      const inside = inline(piece.inside, signs);
      if (piece.type !== "link") return signs[piece.type] + inside + signs[piece.type];
      const shown = piece.href.replace(/^mailto:/, "");
      return [piece.href, shown, ""].includes(inside) ? shown : `${inside} (${shown})`;
    })
    .join("");
}
