/** Keeps the place of whoever reads, and tells when the view comes near something. */

export interface Anchor {
  /** Puts what was first in view where it stood, if it is still there. */
  restore: () => void;
}

/** What scrolls an element: something around it, with little height the page. */
function scrollerOf(element: Element): Element {
  for (let one = element.parentElement; one; one = one.parentElement) {
    if (/auto|scroll/.test(getComputedStyle(one).overflowY) && one.scrollHeight > one.clientHeight) return one;
  }
  return document.scrollingElement ?? document.documentElement;
}

/** The first of the children that is in view, as what others move around. */
export function anchorIn(list: Element | undefined): Anchor | undefined {
  if (!list) return undefined;
  const scroller = scrollerOf(list);
  const top = Math.max(0, scroller.getBoundingClientRect().top);
  const first = [...list.children].find((child) => child.getBoundingClientRect().bottom > top);
  if (!first) return undefined;
  const stood = first.getBoundingClientRect().top;
  return {
    restore() {
      if (!first.isConnected) return;
      const moved = first.getBoundingClientRect().top - stood;
      if (moved) scroller.scrollTop += moved;
    },
  };
}

/**
 * Calls `reached` when an element comes into view, and again after each that has done its work as long as it is
 * still there; call the result to stop.
 */
export function near(element: Element, reached: () => unknown): () => void {
  let over = false;
  const observer = new IntersectionObserver((seen) => {
    if (!seen.some((one) => one.isIntersecting)) return;
    void Promise.resolve(reached()).then(() => {
      if (over) return;
      observer.unobserve(element); // observed anew it says at once whether it is in view
      observer.observe(element);
    });
  });
  observer.observe(element);
  return () => {
    over = true;
    observer.disconnect();
  };
}
