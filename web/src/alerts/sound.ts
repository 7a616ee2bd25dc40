/** Soft tones, one figure for each kind, made in the browser; one tab of all rings. */
import type { Kind } from "../api/alerts";

/** Notes in hertz, each begun a little after the one before. */
const FIGURES: Readonly<Record<Kind, readonly number[]>> = {
  mentioned: [659, 880],
  offered: [523, 659, 784],
  assigned: [523, 784],
  answered: [587],
  noted: [440],
  talked: [440, 494],
  promise: [494, 440, 494],
  task: [440, 523],
  approval: [523, 587],
  consult: [659, 587],
};
const STEP_S = 0.13;
const LENGTH_S = 0.32;
const LOUD = 0.07;
const SILENCE_MS = 1_500;

let context: AudioContext | undefined;

export function figure(kind: Kind): readonly number[] {
  return FIGURES[kind];
}

/** Plays the figure of a kind in this tab. */
export async function play(kind: Kind): Promise<void> {
  context ??= new AudioContext();
  if (context.state === "suspended") await context.resume();
  const begin = context.currentTime + 0.02;
  for (const [index, pitch] of figure(kind).entries()) {
    const at = begin + index * STEP_S;
    const tone = new OscillatorNode(context, { type: "sine", frequency: pitch });
    const volume = new GainNode(context, { gain: 0 });
    volume.gain.setValueAtTime(0, at);
    volume.gain.linearRampToValueAtTime(LOUD, at + 0.03);
    volume.gain.exponentialRampToValueAtTime(0.0005, at + LENGTH_S);
    tone.connect(volume).connect(context.destination);
    tone.start(at);
    tone.stop(at + LENGTH_S);
  }
}

/** Rings once for all tabs of this browser, and not again for a moment; without leave to sound it stays still. */
export async function ring(kind: Kind): Promise<void> {
  if (!navigator.userActivation.hasBeenActive) return;
  await navigator.locks.request("trato-sound", { ifAvailable: true }, async (lock) => {
    if (!lock) return;
    await play(kind).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, SILENCE_MS));
  });
}
