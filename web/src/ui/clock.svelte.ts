/** One clock for every live timer of the page: a single interval, whatever the number of rows. */
let now = $state(Date.now());

setInterval(() => (now = Date.now()), 1000);

export const clock = {
  /** Milliseconds since the epoch, renewed each second. */
  get now(): number {
    return now;
  },
};
