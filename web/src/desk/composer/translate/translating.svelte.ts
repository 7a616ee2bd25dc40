/** Whether a translator is configured: asked once a page, and without one nothing of it is shown. */
let on = $state(false);

export const translating = {
  get on(): boolean {
    return on;
  },
  found(available: boolean): void {
    on = available;
  },
};
