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

function dismiss(id: number): void {
  shown = shown.filter((toast) => toast.id !== id);
}

/** Whether two say the same and neither can be undone: once is enough. An undo is never taken away. */
function same(one: Toast, text: string, tone: Toast["tone"], act?: Toast["act"]): boolean {
  return one.text === text && one.tone === tone && !one.act && !act;
}

function show(text: string, tone: Toast["tone"], act?: Toast["act"]): number {
  const id = next++;
  const others = shown.filter((toast) => !same(toast, text, tone, act));
  // Said again it is a new toast: it stays its whole time, and screen readers say it again.
  shown = [...others.slice(-2), { id, text, tone, ...(act ? { act } : {}) }];
  setTimeout(
    () => {
      dismiss(id);
    },
    act || tone === "broken" ? WITH_ACT_MS : PLAIN_MS,
  );
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
  dismiss,
};
