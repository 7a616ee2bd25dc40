/** Makes any picture that the browser shows a small PNG: drawn anew, so that nothing but the picture is left of it. */
const MAX_SIDE_PX = 512;
const SMALLER = [1, 0.7, 0.5, 0.35];
/** What the server takes. */
const MAX_BYTES = 300_000;

export class TooLarge extends Error {}

/** A picture as Base64 of a PNG; rejects when it cannot be read, or stays too large. */
export async function pngOf(file: Blob): Promise<string> {
  const picture = await loaded(file);
  // A drawing in lines may say no size of its own.
  const width = picture.naturalWidth || MAX_SIDE_PX;
  const height = picture.naturalHeight || MAX_SIDE_PX;
  const fits = Math.min(1, MAX_SIDE_PX / Math.max(width, height));
  for (const smaller of SMALLER) {
    const data = await drawn(picture, width * fits * smaller, height * fits * smaller);
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

async function drawn(picture: HTMLImageElement, width: number, height: number): Promise<Uint8Array> {
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width));
  canvas.height = Math.max(1, Math.round(height));
  canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
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
