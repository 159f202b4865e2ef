/**
 * Single flight: whoever asks while a run of the same key is under way gets that run's result, or its error. Nothing is
 * remembered beyond that: when a run has ended, the next to ask starts another one.
 *
 * `invalidate` says that there is news: nobody who asks after it joins a run that began before it, and the result of such a
 * run is not handed to `onResult`. Those who were waiting for it get it all the same.
 */
type SingleFlight<A extends unknown[], T> = {
  (...args: A): Promise<T>;
  /** The run under way, which may know less than one that begins now. */
  running: (key?: unknown) => Promise<T> | undefined;
  /** @param key left out: every run. */
  invalidate: (key?: unknown) => void;
};

type Options<A extends unknown[], T> = {
  /** What makes two runs the same; the first argument unless given. */
  keyOf?: (...args: A) => unknown;
  /** Gets each result that still counts, in the step in which its run ends: another one may be started from here. */
  onResult?: (result: T, ...args: A) => void;
};

export function singleFlight<A extends unknown[], T>(
  work: (...args: A) => Promise<T>,
  { keyOf = (...[first]) => first, onResult }: Options<A, T> = {},
): SingleFlight<A, T> {
  const flights = new Map<unknown, Promise<T>>();

  return Object.assign(join, {
    running: (key?: unknown) => flights.get(key),
    invalidate: (...keys: unknown[]) => (keys.length === 0 ? flights.clear() : void flights.delete(keys[0])),
  });

  function join(...args: A): Promise<T> {
    return flights.get(keyOf(...args)) ?? start(...args);
  }

  function start(...args: A): Promise<T> {
    const key = keyOf(...args);
    const flight: Promise<T> = work(...args).then(
      (result) => {
        if (end(key, flight)) onResult?.(result, ...args);
        return result;
      },
      (error: unknown) => {
        end(key, flight);
        throw error;
      },
    );
    flights.set(key, flight);
    return flight;
  }

  /** @returns whether nothing invalidated the run. */
  function end(key: unknown, flight: Promise<T>): boolean {
    return flights.get(key) === flight && flights.delete(key);
  }
}
