import type { Words } from "./es";

const en: Words = {
  call: {
    title: "Call",
    lasted: (length: string) => `lasted ${length}`,
    by: (name: string) => `answered by ${name}`,
    play: (length: string) => `Recording${length ? `, ${length}` : ""}`,
    noRecording: "Not recorded",
    transcript: "Transcript",
    steps: "What was played and dialled",
    contact: "Customer",
  },
  segment: {
    begin: (channel) => `A conversation by ${channel} begins`,
    end: (channel) => `The conversation by ${channel} ends`,
    queue: (name) => `queue ${name}`,
    outcome: (name) => `outcome: ${name}`,
    by: (name) => `handled by ${name}`,
    lasted: (length) => `took ${length}`,
  },
  player: {
    play: "Play",
    pause: "Pause",
    position: "Position",
    at: (at, length) => (length ? `${at} of ${length}` : at),
    speed: "Speed",
    failed: "It could not be opened. Check your connection and try again.",
    gone: "It is no longer there: it was erased, or is missing in the file store.",
    from: (at) => `Listen from ${at}`,
    note: (name) => `Audio ${name}`,
  },
  picture: {
    enlarge: (name) => `Enlarge ${name}`,
    previous: "Previous picture",
    next: "Next picture",
    place: (place, of) => `${place.toString()} of ${of.toString()}`,
    failed: (name) => `${name} could not be shown.`,
  },
  find: {
    label: "Search this history",
    words: "Words",
    date: "Go to date",
    count: (place: string, total: string) => `${place} of ${total}`,
    none: "Not in this history.",
    older: "Previous",
    newer: "Next",
    close: "Close search",
  },
  missing: "That message is not in this history: it was erased, moved to another person, or you may not see it.",
  looking: (names: string, many: boolean) => `${names} ${many ? "are" : "is"} looking at this conversation too`,
  close: "Close the notice",
};

export default en;
