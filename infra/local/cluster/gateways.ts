/** The set of gateways: made, grown, shrunk and renewed one by one, with nginx following. */
import type { Nginx } from "../stores/nginx.ts";
import type { Part } from "../supervise/process-spec.ts";
import type { Supervised } from "../supervise/supervisor.ts";

export type Gateways = {
  list(): readonly Supervised[];
  /** New ones serve before nginx knows of them; nginx forgets those that leave before they are asked to. */
  scale(to: number, tell: (line: string) => void): Promise<void>;
  /** nginx learns of the ports that its gateways have now. */
  republish(): Promise<void>;
  /** Each in turn: leaves, comes back, serves. */
  roll(tell: (line: string) => void): Promise<void>;
  stop(): Promise<void>;
  kill(): void;
};

export type GatewaysSettings = {
  make(index: number): Part;
  supervise(part: Part): Supervised;
  nginx: Nginx;
  /** Undefined until nginx runs. */
  nginxProcess(): Supervised | undefined;
};

export function createGateways({ make, supervise, nginx, nginxProcess }: GatewaysSettings): Gateways {
  let all: Supervised[] = [];
  /** Those that nginx was told of last. */
  let published: readonly Supervised[] = [];
  let stopping = false;

  const publish = async (serving: readonly Supervised[]): Promise<void> => {
    published = serving;
    nginx.configure(serving.map(({ part }) => part.port));
    const running = nginxProcess();
    if (running) await nginx.reload(running.signal);
  };

  const grow = async (to: number, tell: (line: string) => void): Promise<void> => {
    const indexes = Array.from({ length: to - all.length }, (_, i) => all.length + i + 1);
    if (stopping) return;
    const fresh = indexes.map((index) => supervise(make(index)));
    all = [...all, ...fresh];
    try {
      await Promise.all(fresh.map((gateway) => gateway.start()));
    } catch (error) {
      all = all.filter((gateway) => !fresh.includes(gateway));
      await Promise.all(fresh.map((gateway) => gateway.stop()));
      throw error;
    }
    await publish(all);
    for (const { part } of fresh) tell(`${part.name} serves on port ${part.port}`);
  };

  const shrink = async (to: number, tell: (line: string) => void): Promise<void> => {
    const leaving = all.slice(to);
    await publish(all.slice(0, to));
    await Promise.all(
      leaving.map(async (gateway) => {
        await gateway.stop();
        tell(`${gateway.part.name} left`);
      }),
    );
    all = all.slice(0, to);
  };

  return {
    list: () => all,
    scale: (to, tell) => (to >= all.length ? grow(to, tell) : shrink(to, tell)),
    republish: () => publish(published),
    async roll(tell) {
      for (const gateway of all) {
        if (stopping) return;
        tell(`${gateway.part.name} leaves`);
        await gateway.renew();
        tell(`${gateway.part.name} serves again (pid ${gateway.pid()})`);
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
}
