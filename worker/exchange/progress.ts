/**
 * The progress of a long command as text: the count, the rate, and the time that is left. Pure except for the clock.
 */

const EVERY_MS = 2_000;

/** `share`: share of the work that is done, from 0 to 1; undefined: unknown. */
export type Reached = { count: number; share?: number | undefined };

/**
 * @param what the unit that is counted, such as `lines`.
 * @param say called with a line now and then.
 * @param from count of earlier runs.
 * @param everyMs how often it is said at most.
 */
export function createProgress(
  what: string,
  say: (line: string) => void,
  from: Reached = { count: 0, share: 0 },
  now: () => number = () => performance.now(),
  everyMs = EVERY_MS,
) {
  const began = now();
  let saidAt = began;
  return {
    tell(reached: Reached): void {
      if (now() - saidAt < everyMs) return;
      saidAt = now();
      say(line(reached));
    },
    end: (reached: Reached): void => say(line({ count: reached.count })),
  };

  function line({ count, share }: Reached): string {
    const seconds = Math.max(0.001, (now() - began) / 1_000);
    const rate = Math.round((count - from.count) / seconds);
    const words = [`${grouped(count)} ${what}`, `${grouped(rate)}/s`];
    const done = share === undefined ? 0 : share - (from.share ?? 0);
    if (share !== undefined && done > 0)
      words.push(`${Math.floor(share * 100)} %`, `${duration((seconds * (1 - share)) / done)} left`);
    return words.join(", ");
  }
}

const grouped = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ",");

export function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3_600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3_600)} h ${Math.floor((whole % 3_600) / 60)} min`;
}
