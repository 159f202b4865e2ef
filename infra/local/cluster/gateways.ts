/** The set of gateways: started, grown, shrunk and restarted one by one, with nginx following. */
import type { Nginx } from "../stores/nginx.ts";
import type { ProcessSpec } from "../supervise/process-spec.ts";
import type { ManagedProcess } from "../supervise/supervisor.ts";

type Report = (line: string) => void;

export type Gateways = {
  list(): readonly ManagedProcess[];
  /** New gateways serve before nginx sends them anybody; nginx drops a gateway before it is stopped. */
  scale(to: number, report: Report): Promise<void>;
  /** Gives nginx the current ports of its gateways. */
  republish(): Promise<void>;
  /** Restarts each in turn, and waits until it serves again. */
  roll(report: Report): Promise<void>;
  stop(): Promise<void>;
  kill(): void;
};

export type GatewaysSettings = {
  specOf(index: number): ProcessSpec;
  supervise(spec: ProcessSpec): ManagedProcess;
  nginx: Nginx;
  /** Undefined until nginx runs. */
  runningNginx(): ManagedProcess | undefined;
};

export function createGateways({ specOf, supervise, nginx, runningNginx }: GatewaysSettings): Gateways {
  let all: ManagedProcess[] = [];
  /** The gateways in nginx's current configuration. */
  let published: readonly ManagedProcess[] = [];
  let stopping = false;

  return {
    list: () => all,
    scale: (to, report) => (to >= all.length ? grow(to, report) : shrink(to, report)),
    republish: () => publish(published),
    async roll(report) {
      for (const gateway of all) {
        if (stopping) return;
        report(`${gateway.spec.name} leaves`);
        await gateway.restart();
        report(`${gateway.spec.name} serves again (pid ${gateway.pid()})`);
      }
    },
    async stop() {
      stopping = true;
      await Promise.all(all.map((gateway) => gateway.stop()));
    },
    kill() {
      stopping = true;
      for (const gateway of all) gateway.kill();
    },
  };

  async function grow(to: number, report: Report): Promise<void> {
    const indexes = Array.from({ length: to - all.length }, (_, i) => all.length + i + 1);
    if (stopping) return;
    const added = indexes.map((index) => supervise(specOf(index)));
    all = [...all, ...added];
    try {
      await Promise.all(added.map((gateway) => gateway.start()));
    } catch (error) {
      all = all.filter((gateway) => !added.includes(gateway));
      await Promise.all(added.map((gateway) => gateway.stop()));
      throw error;
    }
    await publish(all);
    for (const { spec } of added) report(`${spec.name} serves on port ${spec.port}`);
  }

  async function shrink(to: number, report: Report): Promise<void> {
    const removed = all.slice(to);
    await publish(all.slice(0, to));
    await Promise.all(
      removed.map(async (gateway) => {
        await gateway.stop();
        report(`${gateway.spec.name} left`);
      }),
    );
    all = all.slice(0, to);
  }

  async function publish(serving: readonly ManagedProcess[]): Promise<void> {
    published = serving;
    nginx.configure(serving.map(({ spec }) => spec.port));
    const running = runningNginx();
    if (running) await nginx.reload(running.signal);
  }
}
