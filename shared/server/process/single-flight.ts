/**
 * Single flight: calls with the same key while a run is in progress share its result or its error. Nothing is cached: the first
 * call after the end of a run starts another one.
 *
 * `invalidate` marks the runs in progress as outdated: later calls do not join them, and their results are not passed to
 * `onResult`. Callers that already wait for an outdated run still get its result.
 */
type SingleFlight<A extends unknown[], T> = {
  (...args: A): Promise<T>;
  /** The run in progress, if any; its data may be older than that of a new run. */
  running: (key?: unknown) => Promise<T> | undefined;
  /** @param key of the run to invalidate; all runs if left out. */
  invalidate: (key?: unknown) => void;
};

type Options<A extends unknown[], T> = {
  /** Computes the key of a run; the default is the first argument. */
  keyOf?: (...args: A) => unknown;
  /** Called with each result that was not invalidated, synchronously at the end of its run. It may start another run. */
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

  /** @returns false if the run was invalidated. */
  function end(key: unknown, flight: Promise<T>): boolean {
    return flights.get(key) === flight && flights.delete(key);
  }
}
