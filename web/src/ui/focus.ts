/** Where the focus goes when what had it is gone: never nowhere, where what is typed next would be taken for keys. */
import { tick } from "svelte";

const frame = (): Promise<unknown> => new Promise((done) => requestAnimationFrame(done));

/** The middle of the page: what was said in the open conversation, else the page itself. */
function middle(): HTMLElement | null {
  return document.querySelector<HTMLElement>("main [role=log]") ?? document.getElementById("content");
}

/** After the page has changed, gives the focus to `next`, else to the middle of the page, if nothing has it. */
export async function goOn(next: () => HTMLElement | null | undefined = () => null): Promise<void> {
  await tick();
  await frame(); // a window or menu that closes gives back the focus it took, where it can
  if (document.activeElement && document.activeElement !== document.body) return;
  const found = next();
  (found?.isConnected ? found : middle())?.focus({ preventScroll: true });
}

/** What to remember of a row before it may leave its list: the answer gives what to go on with, in the row at its place. */
export function placeOf(row: Element | null | undefined): () => HTMLElement | null | undefined {
  const list = row?.parentElement;
  const at = list && row ? [...list.children].indexOf(row) : 0;
  return () => {
    const rows = list?.isConnected ? list.children : undefined;
    const beside = row?.isConnected ? row : rows?.[Math.min(at, rows.length - 1)];
    return beside?.querySelector<HTMLElement>("button:not(:disabled), a[href], input");
  };
}
