/** Which suspected incidents the strip of failing pages already tells of: no other strip says the same. */
let told = $state.raw<readonly (string | null)[]>([]);

export const failing = {
  tells: (incidentId: string): boolean => told.includes(incidentId),
  show(incidentIds: readonly (string | null)[]): void {
    told = incidentIds;
  },
};
