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
    failed: "The recording could not be opened.",
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
