/**
 * `npm run fsync-price -- --seconds 5 --abreast 64`
 * Measures the cost of having every append on the disk before it is acknowledged. Runs the real append script on two
 * Redis servers in turn, one with `appendfsync everysec`, one with `always`.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { createHistogram } from "./histogram.ts";
import { describeMachine } from "./machine.ts";
import { optionsOrLeave } from "./options.ts";
import { ROOT } from "./support/commands.ts";
import { freePort } from "./support/free-port.ts";
import { askRedis } from "./support/redis-command.ts";

const values = optionsOrLeave({ seconds: 5, abreast: 64 }, {});
const readLua = (path: string): string =>
  readFileSync(join(ROOT, "shared/server/redis/lua", `${path}.lua`), "utf8").trimEnd();
/** The script with its includes, as a gateway loads it. */
const APPEND = readLua("append").replaceAll(/^ *-- include: ([a-z-]+)$/gm, (_, name: string) =>
  readLua(`include/${name}`),
);
const ROUNDS = 2;
const BEFORE = '{"type":"message","room":"lobby","seq":';
const AFTER =
  ',"user":{"id":"01a2030c-8802-73e5-a896-cbd3c4be5655","nickname":"수다"},"clientId":"c","text":"안녕하세요"}';
const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function measure(fsync: string): Promise<{ perSecond: number; p50: number; p99: number }> {
  const folder = mkdtempSync(join(tmpdir(), "suda-fsync-"));
  const port = await freePort();
  const options = ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder, "--save", ""];
  const durable = ["--appendonly", "yes", "--appendfsync", fsync, "--loglevel", "warning"];
  const server = spawn("redis-server", [...options, ...durable], { stdio: "ignore" });
  const gone = new Promise((resolve) => server.once("exit", resolve));
  const url = `redis://127.0.0.1:${port}`;
  try {
    while ((await askRedis(url, "PING").catch(() => "")) !== "PONG") await wait(50);
    const run = /run_id:(\w+)/.exec(await askRedis(url, "INFO", "server"))?.[1] ?? "";
    await askRedis(url, "HSET", "room", "run", run, "epoch", "e", "seq", "0", "at", "0");
    // As in a cluster without gateways of the previous release.
    await askRedis(url, "HSET", "clock", "jumped", "0n1", "heard", "0");
    return await append(port, await askRedis(url, "SCRIPT", "LOAD", APPEND));
  } finally {
    server.kill("SIGTERM");
    await gone;
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Keeps `abreast` appends under way; each new one is sent when an earlier one is acknowledged. */
function append(port: number, hash: string): Promise<{ perSecond: number; p50: number; p99: number }> {
  const latency = createHistogram();
  const sentAt: number[] = [];
  const socket = connect(port, "127.0.0.1");
  const began = performance.now();
  let count = 0;
  const one = (): void => {
    const keys = ["room", "room:log", "sent:", "dirty", "bus", "clock", `room:sent:u:${count}`];
    const id = String(count).padStart(12, "0");
    const words = ["EVALSHA", hash, String(keys.length), ...keys, "lobby", BEFORE, AFTER, "900000", id];
    count++;
    sentAt.push(performance.now());
    socket.write(
      `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join("")}`,
    );
  };
  return new Promise((resolve, reject) => {
    socket.on("error", reject);
    socket.on("connect", () => {
      for (let i = 0; i < values.abreast; i++) one();
    });
    socket.on("data", (data) => {
      const text = data.toString("latin1");
      if (text.startsWith("-")) return reject(new Error(text));
      const now = performance.now();
      // An answer is an array of seq and freshness.
      for (const _ of text.matchAll(/\*2\r\n/g)) {
        latency.add(now - (sentAt.shift() ?? now));
        if (now - began < values.seconds * 1_000) one();
      }
      if (sentAt.length > 0) return;
      socket.destroy();
      if (latency.count() <= values.abreast) return reject(new Error("nothing was appended for --seconds"));
      const perSecond = latency.count() / ((now - began) / 1_000);
      resolve({ perSecond, p50: latency.quantile(0.5), p99: latency.quantile(0.99) });
    });
  });
}

const rates: Record<string, number[]> = { everysec: [], always: [] };
for (let round = 0; round < ROUNDS; round++) {
  for (const [fsync, list] of Object.entries(rates)) {
    const { perSecond, p50, p99 } = await measure(fsync);
    list.push(perSecond);
    say(
      `${fsync.padEnd(8)} ${perSecond.toFixed(0).padStart(7)} appends/s, p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`,
    );
  }
}
const mean = (list: number[] = []): number => list.reduce((sum, each) => sum + each, 0) / list.length;
say(
  `always takes ${(mean(rates.everysec) / mean(rates.always)).toFixed(2)} times as long, ${values.abreast} appends abreast`,
);
say(describeMachine());
