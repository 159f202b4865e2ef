/** nginx of the local cluster: owns its configuration, which follows the gateways. Starting and stopping nginx is up to the caller. */
import { mkdirSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { readMachine } from "../../../shared/server/preflight/machine-facts.ts";
import { until } from "../../../shared/until.ts";
import { MAX_FILES } from "../../nginx/capacity.ts";
import type { Front } from "../../nginx/front.ts";
import { renderLocal } from "../../nginx/render.ts";
import { ROOT } from "../cli/options.ts";
import type { Ports } from "../data/ports.ts";
import { type Command, dieWithParent, findProgram } from "../supervise/die-with-parent.ts";
import type { ProcessSpec } from "../supervise/process-spec.ts";
import { run } from "../supervise/run.ts";

export const WEB_ROOT = join(ROOT, "web/dist");

export type Nginx = {
  readonly spec: ProcessSpec;
  /** Writes the configuration for these gateways. */
  configure(gatewayPorts: readonly number[]): void;
  /** Makes nginx apply the last `configure`; no socket is closed. Resolves when new connections follow it. */
  reload(signal: (name: NodeJS.Signals) => void): Promise<void>;
};

export type NginxSettings = {
  folder: string;
  logs: string;
  host: string;
  port: number;
  ports: Ports;
  limits: boolean;
  front: Front;
};

const NAME = "nginx";

export function createNginx({ folder, logs, host, port, ports, limits, front }: NginxSettings): Nginx {
  const file = join(folder, "nginx.conf");
  const files = readMachine().openFiles ?? MAX_FILES;
  let generation = 0;
  let gateways: readonly number[] = [];
  mkdirSync(folder, { recursive: true, mode: 0o700 });

  return {
    spec: {
      name: NAME,
      port,
      async command() {
        await ports.take(NAME);
        write();
        return dieWithParent("TERM", nginxCommand(file, folder));
      },
      ready: () => accepts(ports.of(NAME)),
      stopSignal: "SIGQUIT",
      stopWithinMs: 8_000,
      checkEveryMs: 5_000,
    },
    configure(gatewayPorts) {
      gateways = gatewayPorts;
      write();
    },
    async reload(signal) {
      const { command, args } = nginxCommand(file, folder);
      await run({ command, args: [...args, "-t", "-q"] });
      signal("SIGHUP");
      // Old workers continue to accept for a moment after the start of the new ones, so one answer of a new worker
      // proves nothing.
      let inARow = 0;
      await until("nginx takes its new configuration", async () => {
        inARow = (await generationInForce()) === String(generation) ? inARow + 1 : 0;
        return inARow >= 8;
      });
    },
  };

  async function generationInForce(): Promise<string> {
    const response = await fetch(`http://127.0.0.1:${ports.of(NAME)}/generation`, {
      headers: { connection: "close" },
      signal: AbortSignal.timeout(1_000),
    });
    return response.text();
  }

  function write(): void {
    generation += 1;
    const text = renderLocal({
      host,
      port,
      internalPort: ports.of(NAME),
      gatewayPorts: gateways,
      root: WEB_ROOT,
      folder,
      accessLog: join(logs, "access.log"),
      generation,
      asRoot: process.getuid?.() === 0,
      limits,
      front,
      files,
    });
    writeFileSync(file, text, { mode: 0o600 });
  }
}

/** @throws Error when nginx is not installed. */
export function nginxCommand(file: string, folder: string): Command {
  const program = findProgram("nginx");
  if (!program) throw new Error("nginx is not installed");
  return { command: program, args: ["-e", "stderr", "-p", folder, "-c", file] };
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port, timeout: 1_000 });
    const end = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", () => end(true));
    socket.once("error", () => end(false));
    socket.once("timeout", () => end(false));
  });
}
