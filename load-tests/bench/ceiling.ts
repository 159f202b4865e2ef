/**
 * `npm run bench -- driver`: the number of deliveries that the driver can take, and its price. One server does nothing but publish to a thousand
 * sockets, each message in a frame of its own or many in one frame.
 */
import { setTimeout as wait } from "node:timers/promises";
import type { Dialect } from "./dialect.ts";
import { openMember } from "./driver/member.ts";
import { createTally } from "./driver/tally.ts";
import { createOwnServers } from "./own-servers.ts";
import { pinApart, pinTo } from "./pinning.ts";

const SOCKETS = 1_000;
const ABREAST = 50;
const SETTLE_MS = 1_000;
const MEASURE_MS = 5_000;
/** Messages at a time, every so many ms. */
const MESSAGES = "100";
const EVERY_MS = "20";
const KINDS = ["single", "array"];

const dialect: Dialect = {
  path: () => "/ws",
  steps: () => [{ write: [], until: "joined" }],
  say: () => "",
};

export async function measureDriver(say: (line: string) => void): Promise<void> {
  for (const kind of KINDS) {
    const cores = pinApart();
    const servers = createOwnServers();
    const port = await servers.startScript("blaster", "blaster.ts", [MESSAGES, EVERY_MS, kind]);
    if (cores) pinTo(cores.driver);
    const tally = createTally();
    const seat = { port, room: "", user: "", token: "" };
    for (let number = 0; number < SOCKETS; number += ABREAST)
      await Promise.all(Array.from({ length: ABREAST }, () => openMember(seat, { dialect, tally, number })));
    await wait(SETTLE_MS);
    const [began, cpu, before] = [performance.now(), process.cpuUsage(), tally.counts.delivered];
    await wait(MEASURE_MS);
    const { user, system } = process.cpuUsage(cpu);
    const seconds = (performance.now() - began) / 1_000;
    const delivered = tally.counts.delivered - before;
    const [millions, share] = [delivered / seconds / 1e6, (user + system) / 1e6 / seconds];
    const each = (user + system) / delivered;
    say(
      `${kind}: ${millions.toFixed(2)} M deliveries/s at ${share.toFixed(2)} of a core, ${each.toFixed(3)} us each (${(user / delivered).toFixed(3)} outside the kernel)`,
    );
    await servers.stop();
  }
}
