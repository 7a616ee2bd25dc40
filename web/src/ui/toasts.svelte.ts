/** Short messages at the edge of the screen; one that can be undone stays longer. */
export interface Toast {
  id: number;
  text: string;
  tone: "plain" | "broken";
  act?: { label: string; run: () => void };
}

let shown = $state.raw<readonly Toast[]>([]);
let next = 1;

const PLAIN_MS = 5_000;
const WITH_ACT_MS = 12_000;

const timers = new WeakMap<Toast, ReturnType<typeof setTimeout>>();
/** Whether somebody is at them, by pointer or focus. */
let held = false;

function remove(id: number): void {
  for (const toast of shown) if (toast.id === id) clearTimeout(timers.get(toast));
  shown = shown.filter((toast) => toast.id !== id);
}

/** Lets its time begin, or begin anew. */
function count(toast: Toast): void {
  clearTimeout(timers.get(toast));
  const stays = toast.act || toast.tone === "broken" ? WITH_ACT_MS : PLAIN_MS;
  timers.set(
    toast,
    setTimeout(() => {
      remove(toast.id);
    }, stays),
  );
}

/** Their time begins anew; with `acts`, of those alone with which something can be done. */
function goOn(acts = false): void {
  if (held && acts) return;
  held = false;
  for (const toast of shown) if (!acts || toast.act) count(toast);
}

/** Whether two say the same and neither can be undone: once is enough. An undo is never taken away. */
function same(one: Toast, text: string, tone: Toast["tone"], act?: Toast["act"]): boolean {
  return one.text === text && one.tone === tone && !one.act && !act;
}

function show(text: string, tone: Toast["tone"], act?: Toast["act"]): number {
  const id = next++;
  const others = shown.filter((toast) => !same(toast, text, tone, act));
  // Said again it is a new toast: it stays its whole time, and screen readers say it again.
  const toast: Toast = { id, text, tone, ...(act ? { act } : {}) };
  shown = [...others.slice(-2), toast];
  if (!held) count(toast);
  return id;
}

export const toasts = {
  get shown() {
    return shown;
  },
  /** Says it; the answer names the message, for who wants to know whether it is still there. */
  say: (text: string, act?: Toast["act"]): number => show(text, "plain", act),
  fail: (text: string, act?: Toast["act"]): void => {
    show(text, "broken", act);
  },
  dismiss: (id: number): void => {
    remove(id);
    if (held) goOn(); // what is taken from under the pointer or the focus does not tell that they left it
  },
  /** As long as somebody is at them they stay. */
  hold: (): void => {
    held = true;
    for (const toast of shown) clearTimeout(timers.get(toast));
  },
  goOn,
};
