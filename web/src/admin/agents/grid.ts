/** Moving and typing in a table of levels; pure, so that it can be tested without a page. */
export interface Place {
  row: number;
  column: number;
}

/** Where a key leads in a table of this size; undefined for a key that does not move. */
export function moved(at: Place, key: string, rows: number, columns: number): Place | undefined {
  const within = (value: number, count: number): number => Math.max(0, Math.min(count - 1, value));
  switch (key) {
    case "ArrowUp":
      return { ...at, row: within(at.row - 1, rows) };
    case "ArrowDown":
    case "Enter":
      return { ...at, row: within(at.row + 1, rows) };
    case "ArrowLeft":
      return { ...at, column: within(at.column - 1, columns) };
    case "ArrowRight":
      return { ...at, column: within(at.column + 1, columns) };
    case "Home":
      return { ...at, column: 0 };
    case "End":
      return { ...at, column: within(columns - 1, columns) };
    case "PageUp":
      return { ...at, row: 0 };
    case "PageDown":
      return { ...at, row: within(rows - 1, rows) };
    default:
      return undefined;
  }
}

/** The level that a key sets, 0 for none; undefined for a key that sets nothing. */
export function levelOf(key: string): number | undefined {
  if (/^[0-5]$/.test(key)) return Number(key);
  return key === "Delete" || key === "Backspace" ? 0 : undefined;
}

/** The level after one more touch: up to 5, then none. */
export function touched(level: number): number {
  return (level + 1) % 6;
}
