/** The messages that this page handed on: what arrives of them is no news here. */
const ours = new Set<string>();

export function noteOurs(clientId: string): void {
  ours.add(clientId);
}

export const isOfThisPage = (clientId: string | null): boolean => clientId !== null && ours.has(clientId);
