/** Takes the plain shapes out of an SVG text, so that a drawing of others is shown without their markup. */
export interface Shape {
  tag: string;
  attributes: Record<string, string>;
}

export interface Drawing {
  box: string;
  shapes: Shape[];
}

const TAGS = ["path", "circle", "ellipse", "rect", "line", "polyline", "polygon"];
const ATTRIBUTES = new Set(
  "d cx cy r rx ry x y width height x1 y1 x2 y2 points stroke-width fill-rule".split(" "),
);

/** A shape filled with paper, such as the ground under a code to scan: here the page itself is the ground. */
const isGround = (element: Element): boolean =>
  /^(#fff(fff)?|white)$/i.test(element.getAttribute("fill") ?? "");

/** Where a shape stands, by its own transform inside those of its groups. */
function transformOf(element: Element, root: Element): string {
  const outer = element.parentElement && element !== root ? transformOf(element.parentElement, root) : "";
  return [outer, element.getAttribute("transform") ?? ""].join(" ").trim();
}

function shapeOf(element: Element, root: Element): Shape {
  const attributes = Object.fromEntries(
    [...element.attributes]
      .filter(({ name }) => ATTRIBUTES.has(name))
      .map(({ name, value }) => [name, value]),
  );
  const transform = transformOf(element, root);
  return {
    tag: element.tagName.toLowerCase(),
    attributes: transform ? { ...attributes, transform } : attributes,
  };
}

/** The shapes of a drawing with what places them; colours, styles, links and scripts stay behind. */
export function drawingOf(svg: string): Drawing {
  const root = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
  const size = [root.getAttribute("width") ?? "24", root.getAttribute("height") ?? "24"].map(parseFloat);
  const shapes = [...root.querySelectorAll(TAGS.join(","))].filter((element) => !isGround(element));
  return {
    box: root.getAttribute("viewBox") ?? `0 0 ${size.join(" ")}`,
    shapes: shapes.map((element) => shapeOf(element, root)),
  };
}
