import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Status } from "../infra/local/cluster/cluster.ts";
import { freePort } from "../load-tests/support/free-port.ts";
import { startRunner } from "../load-tests/support/runner.ts";
import { until } from "../shared/until.ts";
import { startCluster, type TestCluster } from "./support/cluster.ts";
import { openGuest, openGuests } from "./support/guests.ts";
import { living, nothingLives } from "./support/living.ts";

describe("a running cluster", () => {
  let cluster: TestCluster;
  beforeAll(async () => {
    cluster = await startCluster();
  });
  afterAll(() => cluster.stop());

  it("names every process, its pid and its port, all ready and all ports below 32768", async () => {
    const { url, processes }: Status = JSON.parse(await cluster.command("status", "--json"));
    expect(url).toBe(cluster.url);
    const names = ["gateway-1", "gateway-2", "gateway-3", "nginx", "postgres", "redis", "worker"];
    expect(processes.map(({ name }) => name).sort()).toEqual(names);
    for (const { name, pid, port, ready } of processes) {
      expect(ready, name).toBe(true);
      expect(pid, name).toBeGreaterThan(1);
      expect(port, name).toBeLessThan(32_768);
    }
  });

  it("keeps its secrets from other users", () => {
    for (const name of ["secrets.json", "runner.json", "redis/redis.conf"])
      expect(statSync(join(cluster.dir, name)).mode & 0o077, name).toBe(0);
  });

  it("a second start of the same folder says where the first runs and ends with 1", async () => {
    const second = startRunner(["--port", String(await freePort()), "--data", cluster.dir]);
    expect(await second.gone).toBe(1);
    expect(second.said()).toContain(`already runs at ${cluster.url}`);
    expect((await cluster.status()).processes.every(({ ready }) => ready)).toBe(true);
  });

  it("serves a gateway's /api on the gateway's own port and through nginx alike", async () => {
    const { port } = await cluster.find("gateway-2");
    const [direct, through] = await Promise.all([
      fetch(`http://127.0.0.1:${port}/api/rooms`),
      fetch(`${cluster.url}/api/rooms`),
    ]);
    expect(await direct.json()).toEqual(await through.json());
  });

  it("grows without closing a socket, gives every gateway its share, and shrinks again", async () => {
    const before = await openGuests(cluster.url, 30);
    await cluster.scale(5);
    const after = await openGuests(cluster.url, 100);
    expect(before.filter((guest) => guest.closed())).toEqual([]);
    const shares = Map.groupBy(after, ({ gateway }) => gateway);
    expect([...shares.keys()].sort()).toEqual([1, 2, 3, 4, 5].map((n) => `gateway-${n}`));
    for (const [gateway, share] of shares) expect(share.length, gateway).toBeGreaterThan(5);

    await cluster.scale(3);
    const { processes } = await cluster.status();
    expect(processes.filter(({ name }) => name.startsWith("gateway"))).toHaveLength(3);
    for (const guest of [...before, ...after]) guest.close();
  });

  it("a killed gateway is started again and serves", async () => {
    const { pid } = await cluster.find("gateway-1");
    process.kill(Number(pid), "SIGKILL");
    await until("gateway-1 is back", async () => {
      const now = await cluster.find("gateway-1");
      return now.ready && now.pid !== pid;
    });
  });

  it("a gateway that hangs is killed and started again", async () => {
    const { pid } = await cluster.find("gateway-2");
    process.kill(Number(pid), "SIGSTOP");
    await until(
      "gateway-2 is back",
      async () => {
        const now = await cluster.find("gateway-2");
        return now.ready && now.pid !== pid;
      },
      { withinMs: 20_000, everyMs: 300 },
    );
  });

  it("a killed nginx, worker, Redis or PostgreSQL is started again", async () => {
    const names = ["nginx", "worker", "redis", "postgres"];
    const before = await Promise.all(names.map((name) => cluster.find(name)));
    for (const { pid } of before) process.kill(Number(pid), "SIGKILL");
    await until("all are back", async () => {
      const { processes } = await cluster.status();
      const renewed = before.filter(
        ({ name, pid }) => processes.find((each) => each.name === name)?.pid !== pid,
      );
      return renewed.length === names.length && processes.every(({ ready }) => ready);
    });
    expect((await fetch(cluster.url)).status).toBe(200);
  });

  it("processes whose ports were taken while they were down come back on other ports", async () => {
    const names = ["gateway-1", "worker", "redis", "postgres"];
    const before = await Promise.all(names.map((name) => cluster.find(name)));
    // A stopped runner restarts nothing before the strangers are there.
    process.kill(cluster.runner.pid, "SIGSTOP");
    for (const { pid } of before) process.kill(Number(pid), "SIGKILL");
    const strangers = await Promise.all(
      before.map(async ({ port }) => {
        const server = createServer((socket) => socket.destroy());
        await until(`port ${port} is free`, async () => {
          server.listen(port, "127.0.0.1");
          const [event] = await Promise.race([
            once(server, "listening").then(() => ["listening"]),
            once(server, "error"),
          ]);
          return event === "listening";
        });
        return server;
      }),
    );
    process.kill(cluster.runner.pid, "SIGCONT");
    await until(
      "all are back",
      async () => {
        const { processes } = await cluster.status();
        const moved = before.filter(
          ({ name, port }) => processes.find((each) => each.name === name)?.port !== port,
        );
        return moved.length === names.length && processes.every(({ ready }) => ready);
      },
      { withinMs: 40_000, everyMs: 300 },
    );
    expect((await fetch(`${cluster.url}/api/rooms`)).status).toBe(200);
    const [minted] = await cluster.mint(1);
    const gateway = await cluster.find("gateway-1");
    for (const url of [cluster.url, `http://127.0.0.1:${gateway.port}`]) {
      const me = await fetch(`${url}/api/me`, {
        headers: { authorization: `Bearer ${minted?.accessToken}` },
      });
      expect(me.status).toBe(200);
    }
    for (const server of strangers) server.close();
  });

  it("renews its gateways one by one, and nobody is turned away", async () => {
    const before = (await cluster.status()).processes;
    let rolled = false;
    const rolling = cluster.roll().finally(() => {
      rolled = true;
    });
    const answers: number[] = [];
    await until(
      "rolled",
      async () => {
        answers.push((await fetch(`${cluster.url}/api/rooms`)).status);
        return rolled;
      },
      { withinMs: 60_000, everyMs: 50 },
    );
    await rolling;
    expect(new Set(answers)).toEqual(new Set([200]));
    const pids = (await cluster.status()).processes.map(({ pid }) => pid);
    for (const { name, pid } of before) if (name.startsWith("gateway")) expect(pids, name).not.toContain(pid);
  });

  it("a load test of a room that does not exist ends at once with one line", async () => {
    const words = [
      join(import.meta.dirname, "../load-tests/run.ts"),
      "--data",
      cluster.dir,
      "--room",
      "nowhere",
    ];
    const failed = promisify(execFile)(process.execPath, words, { timeout: 20_000 });
    const line = `There is no room nowhere at ${cluster.url}: choose another with --room\n`;
    await expect(failed).rejects.toMatchObject({ code: 1, stdout: "", stderr: line });
  });

  it("mints users who are let in, and grants one a role", async () => {
    const [user] = await cluster.mint(3);
    if (!user) throw new Error("nobody was minted");
    const me = async (): Promise<unknown> => {
      const headers = { authorization: `Bearer ${user.accessToken}` };
      return (await fetch(`${cluster.url}/api/me`, { headers })).json();
    };
    expect(await me()).toMatchObject({ user: { id: user.user.id, role: "user" } });
    await cluster.command("admin", "grant", `${user.user.nickname}@suda.invalid`, "moderator");
    expect(await me()).toMatchObject({ user: { id: user.user.id, role: "moderator" } });
  });
});

describe("the end of a cluster", () => {
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });
  const folder = (): string => {
    const made = mkdtempSync(join(tmpdir(), "suda-end-"));
    folders.push(made);
    return made;
  };

  it("SIGTERM ends everything in order, with code 0", async () => {
    const cluster = await startCluster({ gateways: 1 });
    folders.push(cluster.dir);
    const pids = (await cluster.status()).processes.map(({ pid }) => pid);
    expect(await cluster.runner.stop("SIGTERM")).toBe(0);
    expect(living(cluster.dir, pids)).toEqual([]);
  });

  it("a second SIGINT ends everything at once", async () => {
    const cluster = await startCluster({ gateways: 1 });
    folders.push(cluster.dir);
    const { processes } = await cluster.status();
    // A guest that does not leave keeps its gateway draining.
    const guest = await openGuest(cluster.url);
    process.kill(cluster.runner.pid, "SIGINT");
    await delay(600);
    expect(await cluster.runner.stop("SIGINT")).toBe(1);
    await nothingLives(
      cluster.dir,
      processes.map(({ pid }) => pid),
    );
    guest.close();
  });

  it("kill -9 of the runner leaves nothing, and what was kept is there at the next start", async () => {
    const cluster = await startCluster({ gateways: 1 });
    folders.push(cluster.dir);
    const [user] = await cluster.mint(1);
    const pids = (await cluster.status()).processes.map(({ pid }) => pid);
    await cluster.runner.stop("SIGKILL");
    // The next start need not wait, because it ends the processes that it finds.
    const next = startRunner(["--port", String(await freePort()), "--data", cluster.dir, "--gateways", "1"]);
    await next.ready();
    const url = JSON.parse(readFileSync(join(cluster.dir, "runner.json"), "utf8")).url;
    const me = await fetch(`${url}/api/me`, { headers: { authorization: `Bearer ${user?.accessToken}` } });
    expect(me.status).toBe(200);
    await next.stop("SIGKILL");
    await nothingLives(cluster.dir, pids);
    const otherwise = startRunner(["--port", String(await freePort()), "--data", cluster.dir], {
      SUDA_SHARDS: "8",
    });
    expect(await otherwise.gone).toBe(1);
    expect(otherwise.said().trimEnd().split("\n").at(-1)).toMatch(
      /^SUDA_SHARDS is 8, but this database was started with 16\./,
    );
    expect(otherwise.said()).not.toContain("Starting the worker");
  });

  it("a folder with other files is neither used nor wiped", async () => {
    const dir = folder();
    writeFileSync(join(dir, "thesis.txt"), "mine");
    const runner = startRunner(["--port", String(await freePort()), "--data", dir, "--fresh"]);
    expect(await runner.gone).toBe(1);
    expect(runner.said()).toContain("no mark of Suda");
    expect(readdirSync(dir)).toEqual(["thesis.txt"]);
  });

  it("a taken port, a folder that cannot be made and no limits for everyone: one clear line each", async () => {
    const port = String(await freePort());
    const listener = createServer().listen(Number(port), "127.0.0.1");
    await once(listener, "listening");
    const refused = async (...args: string[]): Promise<string> => {
      const runner = startRunner(args);
      expect(await runner.gone).toBe(1);
      return runner.said().trimEnd();
    };
    expect(await refused("--port", port, "--data", folder())).toBe(
      `Port ${port} is taken: choose another with --port`,
    );
    expect(await refused("--data", "/dev/null/suda")).toMatch(/^\S+: a part of the path is not a folder$/);
    expect(await refused("--limits", "off", "--host", "0.0.0.0", "--data", folder())).toContain("loopback");
    listener.close();
  });
});
