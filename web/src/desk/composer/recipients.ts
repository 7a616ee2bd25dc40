/** Mail addresses as people type them into a field; pure. */
export interface Recipients {
  addresses: string[];
  /** The first entry that is no address. */
  wrong: string | undefined;
}

const ONE = /^[^\s@<>(),;:"]+@[^\s@<>(),;:"]+\.[^\s@<>(),;:".]+$/;

/** Reads `ana@x.example, Luis <luis@x.example>`; commas, semicolons and line breaks separate. */
export function readRecipients(typed: string): Recipients {
  const entries = typed
    .split(/[,;\n]+/)
    .map((entry) => entry.trim())
    .filter(Boolean);
  const addresses = entries.map((entry) => /<([^<>]+)>\s*$/.exec(entry)?.[1]?.trim() ?? entry);
  return { addresses: [...new Set(addresses)], wrong: addresses.find((address) => !ONE.test(address)) };
}
