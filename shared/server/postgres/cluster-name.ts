/** The name of the cluster in this process' memory, from the moment that the database has one. */
import { Unavailable } from "../process/unavailable.ts";

/**
 * What tells this cluster's cookies from another's on the same host, as long as its data lives. `formerCookieUntil`: until
 * when (milliseconds) gateways may serve that know only the former name of the cookie; 0: there were none.
 */
export type ClusterName = { id: string; formerCookieUntil: number };

/** The name as this process knows it. @param read asks for it. */
export function createClusterName(read: () => Promise<ClusterName>) {
  let known: ClusterName | undefined;
  return {
    async learn(): Promise<void> {
      known ??= await read();
    },
    /** @throws Unavailable before it is known. */
    name(): ClusterName {
      if (known === undefined) throw new Unavailable("the cluster's name is not known yet");
      return known;
    },
  };
}
