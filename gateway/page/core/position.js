// Positions in the log as the gateway writes them, with a number for each partition: `0:841.1:77`.

/**
 * Whether what was read at one position may lack what was read at another: it is behind in a partition and ahead in none.
 * @param {string} one
 * @param {string} other Nothing is behind an empty one.
 */
export function behind(one, other) {
  const [mine, theirs] = [numbers(one), numbers(other)];
  const less = (some, others) => [...others].some(([partition, seq]) => (some.get(partition) ?? 0) < seq);
  return less(mine, theirs) && !less(theirs, mine);
}

const numbers = (position) => new Map(position.split(".").filter(Boolean).map((part) => part.split(":").map(Number)));
