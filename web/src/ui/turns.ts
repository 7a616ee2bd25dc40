/** Works that must not overtake each other: each begins when the one before has come to its end, good or bad. */
export function inTurn(): <Value>(work: () => Promise<Value>) => Promise<Value> {
  let before: Promise<unknown> = Promise.resolve();
  return (work) => {
    const now = before.then(work, work);
    before = now;
    return now;
  };
}
