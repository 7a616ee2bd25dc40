/** Makes any picture that the browser shows a small PNG: drawn anew, so that nothing but the picture is left of it. */
const MAX_SIDE_PX = 512;
const SMALLER = [1, 0.7, 0.5, 0.35];
/** What the server takes. */
const MAX_BYTES = 300_000;

export class TooLarge extends Error {}

/** A part of a picture, in its own pixels. */
interface Part {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A picture as Base64 of a PNG; rejects when it cannot be read, or stays too large. */
export async function pngOf(file: Blob): Promise<string> {
  const picture = await loaded(file);
  return small(picture, { x: 0, y: 0, ...sizeOf(picture) }, MAX_SIDE_PX);
}

/** The square in the middle of a picture, as Base64 of a PNG; rejects as above. */
export async function squareOf(file: Blob, sidePx: number): Promise<string> {
  const picture = await loaded(file);
  return small(picture, middle(sizeOf(picture)), sidePx);
}

/** The largest square in the middle, of a face that stands upright a little above it. Pure. */
export function middle({ width, height }: Pick<Part, "width" | "height">): Part {
  const side = Math.min(width, height);
  return { x: (width - side) / 2, y: (height - side) / 3, width: side, height: side };
}

/** A drawing in lines may say no size of its own. */
const sizeOf = (picture: HTMLImageElement): Pick<Part, "width" | "height"> => ({
  width: picture.naturalWidth || MAX_SIDE_PX,
  height: picture.naturalHeight || MAX_SIDE_PX,
});

async function small(picture: HTMLImageElement, part: Part, mostPx: number): Promise<string> {
  const fits = Math.min(1, mostPx / Math.max(part.width, part.height));
  for (const smaller of SMALLER) {
    const data = await drawn(picture, part, fits * smaller);
    if (data.length <= MAX_BYTES) return base64(data);
  }
  throw new TooLarge();
}

/** As an image element a drawing runs no script and fetches nothing. */
async function loaded(file: Blob): Promise<HTMLImageElement> {
  const url = URL.createObjectURL(file);
  try {
    const picture = new Image();
    picture.src = url;
    await picture.decode();
    return picture;
  } finally {
    URL.revokeObjectURL(url);
  }
}

async function drawn(picture: HTMLImageElement, { x, y, width, height }: Part, scale: number): Promise<Uint8Array> {
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  canvas.getContext("2d")?.drawImage(picture, x, y, width, height, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((resolve) => {
    canvas.toBlob(resolve, "image/png");
  });
  if (!blob) throw new Error("this browser draws no PNG");
  return new Uint8Array(await blob.arrayBuffer());
}

function base64(data: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < data.length; at += 0x8000) parts.push(String.fromCharCode(...data.subarray(at, at + 0x8000)));
  return btoa(parts.join(""));
}
