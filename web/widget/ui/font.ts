/** The letters of the panel, fetched by our own script: a strict page forbids foreign fonts, not our answers. */
import { look } from "./look";
import file from "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2?url&no-inline";

const FAMILY = "Trato Inter";
/** A panel that opens waits no longer for them: then it opens in the letters of the system. */
const PATIENCE_MS = 250;

let loading: Promise<void> | undefined;

/** Makes the letters available to the page under a name of our own; every failure leaves the system's. */
export function loadFont(): Promise<void> {
  if (look().font === "page") return Promise.resolve();
  loading ??= fetchFont().catch(() => undefined);
  return Promise.race([loading, new Promise<void>((resolve) => setTimeout(resolve, PATIENCE_MS))]);
}

async function fetchFont(): Promise<void> {
  const answer = await fetch(file, { credentials: "omit" });
  if (!answer.ok) return;
  const face = new FontFace(FAMILY, await answer.arrayBuffer(), { weight: "100 900" });
  document.fonts.add(await face.load());
}
