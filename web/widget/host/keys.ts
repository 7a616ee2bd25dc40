/** Keys that somebody types in a field of ours are not for the page: for it they come from an element without a field. */

const FIELDS = "input, textarea, select, [contenteditable]";

/** Keeps them within a root; what stands in it hears them first. */
export function keepKeys<Root extends EventTarget>(root: Root): Root {
  const keep = (event: Event) => {
    const [from] = event.composedPath();
    if (from instanceof Element && from.matches(FIELDS)) event.stopPropagation();
  };
  for (const name of ["keydown", "keypress", "keyup"]) root.addEventListener(name, keep);
  return root;
}
