/** A whole cluster for one end-to-end test file, with access to its processes and stores. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Status } from "../../infra/local/cluster/cluster.ts";
import { askStatus } from "../../infra/local/cluster/control-client.ts";
import { mintUsers } from "../../infra/local/cluster/mint-users.ts";
import type { Backends } from "../../infra/local/data/runner-file.ts";
import { bundled } from "../../infra/local/supervise/bundle.ts";
import { type ClusterOptions, startLocalCluster } from "../../load-tests/support/local-cluster.ts";
import { fillData } from "./data-template.ts";

export type TestCluster = Awaited<ReturnType<typeof startCluster>>;

/** Starts a cluster and waits until it serves. `stop` it in `afterAll`. */
export async function startCluster(options: ClusterOptions = {}) {
  const quick = options.release === undefined ? { quick: { programOf: bundled, fill: fillData } } : {};
  const { data: dir, ...cluster } = await startLocalCluster({ ...options, ...quick });
  const backends = (): Backends => JSON.parse(readFileSync(join(dir, "runner.json"), "utf8")).backends;
  /** Over HTTP, because a command would start a process at each poll. */
  const status = (): Promise<Status> => askStatus(dir);

  return {
    ...cluster,
    dir,
    status,
    /** Mints users without starting a command, except for another release, which needs its own. */
    mint: options.release === undefined ? (count: number) => mintUsers(dir, count) : cluster.mint,
    /** Addresses of the gateways, past nginx. */
    gateways: async (): Promise<string[]> =>
      (await status()).processes
        .filter(({ name }) => name.startsWith("gateway-"))
        .map(({ port }) => `http://127.0.0.1:${port}`),
    /** The status of one process. */
    async find(name: string) {
      const found = (await status()).processes.find((each) => each.name === name);
      if (!found) throw new Error(`the cluster has no ${name}`);
      return found;
    },
    databaseUrl: (): string => backends().databaseUrl,
    backends,
  };
}
