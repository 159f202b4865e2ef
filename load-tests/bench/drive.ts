/** The driver's process, as the bench uses it. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Seat } from "./dialect.ts";
import type { Answer, Back, Heard, Order, Pace, Talk } from "./driver/orders.ts";
import type { Cores } from "./pinning.ts";

const MAIN = join(import.meta.dirname, "driver/main.ts");

export type Driver = ReturnType<typeof startDriver>;

/** @param contender the name of the one with its protocol. */
export function startDriver(contender: string, cores: Cores | undefined) {
  const pinned = cores
    ? { execPath: "taskset", execArgv: ["-c", cores.driver, process.execPath] }
    : { execArgv: [] };
  const child = fork(MAIN, [contender], pinned);
  const gone = once(child, "exit");

  return {
    open: async (seats: Seat[], pace: Pace): Promise<Back> => (await ask({ do: "open", seats, pace })).back,
    talk: async (talk: Talk): Promise<Heard> => (await ask({ do: "talk", talk })).heard,
    rest: async (): Promise<void> => void (await ask({ do: "rest" })),
    storm: async (pace: Pace): Promise<Back> => (await ask({ do: "storm", pace })).back,
    async stop(): Promise<void> {
      child.kill("SIGKILL");
      await gone;
    },
  };

  async function ask(order: Order): Promise<{ back: Back; heard: Heard }> {
    const answered = once(child, "message");
    child.send(order);
    const ended = gone.then(([code]) => {
      throw new Error(`the driver ended with ${code}`);
    });
    const [answer] = (await Promise.race([answered, ended])) as [Answer];
    if ("error" in answer) throw new Error(answer.error);
    return answer as { back: Back; heard: Heard };
  }
}
