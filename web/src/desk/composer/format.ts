/** Puts marks around what is chosen in a field, or takes them away again. Pure; the field is a text and a range. */
export type Format = "bold" | "italic" | "code" | "link" | "list" | "numbers" | "quote";

export interface Chosen {
  text: string;
  from: number;
  to: number;
}
/** What is put in place of a range, and what is chosen then. */
export interface Change {
  from: number;
  to: number;
  put: string;
  choose: [number, number];
}

const AROUND = { bold: "**", italic: "_", code: "`" } as const;
const BEFORE = { list: /^[-*+] +/, numbers: /^\d+[.)] +/, quote: /^> ?/ } as const;

export function formatted(chosen: Chosen, format: Format): Change {
  if (format === "link") return link(chosen);
  return format in AROUND
    ? around(chosen, AROUND[format as keyof typeof AROUND])
    : before(chosen, format as keyof typeof BEFORE);
}

function around({ text, from, to }: Chosen, mark: string): Change {
  const size = mark.length;
  const inside = text.slice(from, to);
  if (text.slice(from - size, from) === mark && text.slice(to, to + size) === mark) {
    return { from: from - size, to: to + size, put: inside, choose: [from - size, to - size] };
  }
  // A mark beside a space marks nothing: those at the edges stay outside.
  const start = from + (inside.length - inside.trimStart().length);
  const end = Math.max(start, from + inside.trimEnd().length);
  return {
    from: start,
    to: end,
    put: mark + text.slice(start, end) + mark,
    choose: [start + size, end + size],
  };
}

const PLACE = "https://";

function link({ text, from, to }: Chosen): Change {
  const inside = text.slice(from, to);
  if (/^(https?:\/\/|mailto:)\S+$/.test(inside)) {
    return { from, to, put: `[](${inside})`, choose: [from + 1, from + 1] };
  }
  const address = from + inside.length + 3;
  return { from, to, put: `[${inside}](${PLACE})`, choose: [address, address + PLACE.length] };
}

function before({ text, from, to }: Chosen, format: keyof typeof BEFORE): Change {
  const start = text.lastIndexOf("\n", from - 1) + 1;
  const next = text.indexOf("\n", Math.max(from, to - 1));
  const end = next < 0 ? text.length : next;
  const lines = text.slice(start, end).split("\n");
  const sign = BEFORE[format];
  const marked = lines.every((line) => sign.test(line));
  const signs = { list: () => "- ", numbers: (index: number) => `${(index + 1).toString()}. `, quote: () => "> " };
  const put = lines
    .map((line, index) => (marked ? line.replace(sign, "") : signs[format](index) + line))
    .join("\n");
  return { from: start, to: end, put, choose: from === to ? [start + put.length, start + put.length] : [start, start + put.length] };
}

/** Changes a field as typing does: its own undo takes it back, and who listens hears of it. */
export function applyTo(field: HTMLTextAreaElement, change: Change): void {
  field.focus();
  field.setSelectionRange(change.from, change.to);
  // The one way that keeps the browser's own undo; old, and still the only one.
  if (!document.execCommand("insertText", false, change.put)) {
    field.setRangeText(change.put, change.from, change.to);
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }
  field.setSelectionRange(...change.choose);
}

/** Marks what is chosen in a field. */
export function format(field: HTMLTextAreaElement, as: Format): void {
  applyTo(field, formatted({ text: field.value, from: field.selectionStart, to: field.selectionEnd }, as));
}
