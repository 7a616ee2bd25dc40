/**
 * Reads the few marks that an answer may carry, those of `trato.kit.marks`: bold, italic, code, links, lists,
 * quotes. Pure; what it returns is text in a tree, so that nothing a person wrote ever becomes markup by itself.
 */
export type Inline =
  | string
  | { type: "strong" | "em"; inside: Inline[] }
  | { type: "code"; text: string }
  | { type: "link"; href: string; inside: Inline[] };

export type Block =
  | { type: "paragraph"; inside: Inline[] }
  | { type: "code"; text: string }
  | { type: "quote"; blocks: Block[] }
  | { type: "list"; start: number | null; items: Block[][] };

const DEEPEST = 6;
const FENCE = /^ {0,3}(`{3,})[^`]*$/;
const QUOTE = /^ {0,3}> ?/;
const ITEM = /^ {0,3}(?:([-*+])|(\d{1,9})([.)])) {1,4}(?=\S)/;
const LINK = /\[((?:[^[\]\\]|\\.)+)\]\(((?:https?:\/\/|mailto:)[^\s()<>]*)\)/iy;
const ESCAPED = /\\([!-/:-@[-`{-~])/y;
const WORD = /[\p{L}\p{N}]/u;

/** A text in blocks; one without marks is paragraphs of plain words. */
export function read(source: string): Block[] {
  return blocks(source.replace(/\r\n?/g, "\n").split("\n"), 0);
}

/** Whether a text has any mark that makes it differ from what was typed. */
export function hasMarks(source: string): boolean {
  return read(source).some(
    (block) => block.type !== "paragraph" || block.inside.some((piece) => typeof piece !== "string"),
  );
}

/** Whether a line ends a paragraph; a numbered list does so only when it begins with one. */
function begins(line: string): boolean {
  const item = ITEM.exec(line);
  return FENCE.test(line) || QUOTE.test(line) || (item !== null && (!item[2] || item[2] === "1"));
}

function blocks(lines: readonly string[], depth: number): Block[] {
  const found: Block[] = [];
  let at = 0;
  while (at < lines.length) {
    const line = lines[at] ?? "";
    if (!line.trim()) at += 1;
    else if (FENCE.test(line)) at = fence(lines, at, found);
    else if (depth < DEEPEST && QUOTE.test(line)) at = quote(lines, at, depth, found);
    else if (depth < DEEPEST && ITEM.test(line)) at = list(lines, at, depth, found);
    else at = paragraph(lines, at, found);
  }
  return found;
}

function paragraph(lines: readonly string[], from: number, found: Block[]): number {
  let at = from + 1;
  while (at < lines.length && lines[at]?.trim() && !begins(lines[at] ?? "")) at += 1;
  const text = lines.slice(from, at).map((line) => line.trim());
  found.push({ type: "paragraph", inside: inline(text.join("\n")) });
  return at;
}

function fence(lines: readonly string[], from: number, found: Block[]): number {
  const ticks = FENCE.exec(lines[from] ?? "")?.[1] ?? "```";
  const end = new RegExp(`^ {0,3}${ticks}\`*\\s*$`);
  let at = from + 1;
  while (at < lines.length && !end.test(lines[at] ?? "")) at += 1;
  found.push({ type: "code", text: lines.slice(from + 1, at).join("\n") });
  return at + 1;
}

function quote(lines: readonly string[], from: number, depth: number, found: Block[]): number {
  const inside: string[] = [];
  let at = from;
  for (; at < lines.length; at += 1) {
    const line = lines[at] ?? "";
    if (QUOTE.test(line)) inside.push(line.replace(QUOTE, ""));
    else if (line.trim() && inside.at(-1)?.trim() && !begins(line)) inside.push(line);
    else break;
  }
  found.push({ type: "quote", blocks: blocks(inside, depth + 1) });
  return at;
}

type LineKind = "inner" | "item" | "gap" | "lazy" | "end";

/** What a line is to the list before it, whose items have this sign and stand so far in. */
function kindOf(lines: readonly string[], at: number, sign: string | undefined, indent: number): LineKind {
  const line = lines[at] ?? "";
  if (!line.trim()) return goesOn(lines, at, sign, indent) ? "gap" : "end";
  if (indent && !line.slice(0, indent).trim()) return "inner";
  const item = ITEM.exec(line);
  if (item) return signOf(item) === sign ? "item" : "end";
  return lines[at - 1]?.trim() && !begins(line) ? "lazy" : "end";
}

const signOf = (item: RegExpExecArray | null): string | undefined => item?.[1] ?? item?.[3];

function list(lines: readonly string[], from: number, depth: number, found: Block[]): number {
  const first = ITEM.exec(lines[from] ?? "");
  const items: string[][] = [];
  let indent = 0;
  let at = from;
  for (; at < lines.length; at += 1) {
    const line = lines[at] ?? "";
    const kind = kindOf(lines, at, signOf(first), indent);
    if (kind === "end") break;
    if (kind === "item") {
      indent = ITEM.exec(line)?.[0].length ?? 0;
      items.push([line.slice(indent)]);
    } else items.at(-1)?.push(kind === "inner" ? line.slice(indent) : line.trim());
  }
  const start = first?.[2] ? Number(first[2]) : null;
  found.push({ type: "list", start, items: items.map((one) => blocks(one, depth + 1)) });
  return at;
}

/** Whether a list goes on behind empty lines. */
function goesOn(lines: readonly string[], from: number, sign: string | undefined, indent: number): boolean {
  const next = lines.slice(from).find((line) => line.trim());
  if (next === undefined) return false;
  return signOf(ITEM.exec(next)) === sign || next.slice(0, indent).trim() === "";
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** Marks that close nowhere in the text that is read, so that nobody looks for them again. */
type Open = Set<string>;

function inline(text: string, depth = 0): Inline[] {
  const found: Inline[] = [];
  const open: Open = new Set();
  let at = 0;
  while (at < text.length) {
    const [piece, length] = next(text, at, depth, open);
    const last = found.at(-1);
    if (typeof piece === "string" && typeof last === "string") found[found.length - 1] = last + piece;
    else found.push(piece);
    at += length;
  }
  return found;
}

/** What stands at a place, and how long it is there. */
function next(text: string, at: number, depth: number, open: Open): [Inline, number] {
  const sign = text[at] ?? "";
  if (sign === "\\") {
    const escaped = match(ESCAPED, text, at);
    return escaped ? [escaped[1] ?? "", 2] : [sign, 1];
  }
  if (sign === "`") return code(text, at, open);
  if (depth >= DEEPEST) return [sign, 1];
  if (sign === "*" || sign === "_") return emphasis(text, at, depth, open);
  const link = sign === "[" ? match(LINK, text, at) : null;
  return link
    ? [{ type: "link", href: link[2] ?? "", inside: inline(link[1] ?? "", depth + 1) }, link[0].length]
    : [sign, 1];
}

function code(text: string, at: number, open: Open): [Inline, number] {
  const run = runOf(text, at);
  const ticks = "`".repeat(run);
  const end = open.has(ticks) ? -1 : endOfRun(text, at + run, ticks);
  if (end < 0) {
    open.add(ticks);
    return [ticks, run];
  }
  const line = text.slice(at + run, end).replaceAll("\n", " ");
  const spaced = line.startsWith(" ") && line.endsWith(" ") && line.trim() !== "";
  return [{ type: "code", text: spaced ? line.slice(1, -1) : line }, end + run - at];
}

/** How often the sign at a place stands there. */
function runOf(text: string, at: number): number {
  let run = 1;
  while (text[at + run] === text[at]) run += 1;
  return run;
}

/** Where a run of just this length begins; -1 when nowhere. */
function endOfRun(text: string, from: number, ticks: string): number {
  for (let at = text.indexOf("`", from); at >= 0; at = text.indexOf("`", at)) {
    const run = runOf(text, at);
    if (run === ticks.length) return at;
    at += run;
  }
  return -1;
}

function emphasis(text: string, at: number, depth: number, open: Open): [Inline, number] {
  const sign = text[at] ?? "";
  const run = runOf(text, at);
  const opens = /\S/.test(text[at + run] ?? " ") && !(sign === "_" && WORD.test(text[at - 1] ?? " "));
  for (const length of opens ? [3, 2, 1].filter((one) => one <= run) : []) {
    const mark = sign.repeat(length);
    const end = open.has(mark) ? -1 : closes(text, at + length, mark);
    if (end < 0) {
      open.add(mark);
      continue;
    }
    const inside = inline(text.slice(at + length, end), depth + 1);
    const whole = end + length - at;
    if (length === 3) return [{ type: "em", inside: [{ type: "strong", inside }] }, whole];
    return [{ type: length === 2 ? "strong" : "em", inside }, whole];
  }
  return [sign.repeat(run), run];
}

/** Where a mark closes: the same one behind a word; -1 when nowhere. What is in code closes nothing. */
function closes(text: string, from: number, mark: string): number {
  let at = from;
  while (at < text.length) {
    if (text[at] === mark[0]) {
      const run = runOf(text, at);
      if (run === mark.length && at > from && closesAt(text, at, run)) return at;
      at += run;
    } else at += skipped(text, at);
  }
  return -1;
}

function closesAt(text: string, at: number, run: number): boolean {
  return /\S/.test(text[at - 1] ?? " ") && !(text[at] === "_" && WORD.test(text[at + run] ?? " "));
}

/** How much of a text is passed over while a mark's end is looked for. */
function skipped(text: string, at: number): number {
  if (text[at] === "\\") return 2;
  if (text[at] !== "`") return 1;
  const run = runOf(text, at);
  const end = endOfRun(text, at + run, "`".repeat(run));
  return end < 0 ? run : end + run - at;
}
