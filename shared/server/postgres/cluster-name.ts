/** Holds the name of the cluster in memory once it is known. Does not read the database: that is `read`. */
import { Unavailable } from "../process/unavailable.ts";

/**
 * `id` distinguishes this cluster's cookies from those of another cluster on the same host; fixed for the life of the data.
 * `formerCookieUntil`: gateways that know only the former name of the cookie may serve until then, in ms since the epoch; 0: there
 * are none.
 */
export type ClusterName = { id: string; formerCookieUntil: number };

/** @param read fetches the name. */
export function createClusterName(read: () => Promise<ClusterName>) {
  let known: ClusterName | undefined;
  return {
    async learn(): Promise<void> {
      known ??= await read();
    },
    /** @throws Unavailable while the name is not known. */
    name(): ClusterName {
      if (known === undefined) throw new Unavailable("the cluster's name is not known yet");
      return known;
    },
  };
}
