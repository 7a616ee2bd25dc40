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
  "d cx cy r rx ry x y width height x1 y1 x2 y2 points transform stroke-width fill-rule".split(" "),
);

/** The shapes of a drawing with what places them; colours, styles, links and scripts stay behind. */
export function drawingOf(svg: string): Drawing {
  const root = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
  const size = [root.getAttribute("width") ?? "24", root.getAttribute("height") ?? "24"].map(parseFloat);
  const shapes = [...root.querySelectorAll(TAGS.join(","))].map((element) => ({
    tag: element.tagName.toLowerCase(),
    attributes: Object.fromEntries(
      [...element.attributes]
        .filter(({ name }) => ATTRIBUTES.has(name))
        .map(({ name, value }) => [name, value]),
    ),
  }));
  return { box: root.getAttribute("viewBox") ?? `0 0 ${size.join(" ")}`, shapes };
}
