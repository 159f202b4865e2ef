import { mkdtempSync, rmSync } from "node:fs";
import type { Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { Problem } from "../cli/problem.ts";
import { lockFolder, type Runner, updateRunner } from "../data/runner-file.ts";
import { askStatus, command } from "./control-client.ts";
import { startControlServer } from "./control-server.ts";

const status = { url: "http://127.0.0.1:1", processes: [] };
let data: string;
let runner: Runner;
let server: Server;
let done: string[];

beforeEach(async () => {
  data = mkdtempSync(join(tmpdir(), "suda-control-"));
  done = [];
  const work = async (what: string): Promise<void> => {
    done.push(`${what} begins`);
    await new Promise((resolve) => setTimeout(resolve, 20));
    done.push(`${what} ends`);
  };
  const cluster = {
    status: () => status,
    refresh: async () => undefined,
    scale: async (to: number, report: (line: string) => void) => {
      report(`scaling to ${to}`);
      if (to === 13) throw new Problem("thirteen is too many");
      await work("scale");
    },
    roll: () => work("roll"),
  };
  const control = await startControlServer(cluster, "right");
  server = control.server;
  runner = { ...lockFolder(data, status.url), control: { port: control.port, token: "right" } };
  updateRunner(data, runner);
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
  rmSync(data, { recursive: true, force: true });
});

it("a command finds the cluster of its data folder and prints the progress", async () => {
  const heard: string[] = [];
  await command(data, "/scale?to=5", (line) => heard.push(line));
  expect(heard).toEqual(["scaling to 5"]);
  expect(done).toEqual(["scale begins", "scale ends"]);
  expect(await askStatus(data)).toEqual(status);
});

it("a failure in the runner fails the command with the same words", async () => {
  await expect(command(data, "/scale?to=13", () => undefined)).rejects.toThrow("thirteen is too many");
  await expect(command(data, "/scale?to=0", () => undefined)).rejects.toThrow("a whole number from 1 to 64");
});

it("changes of the cluster are made one after another", async () => {
  const quiet = () => undefined;
  await Promise.all([command(data, "/scale?to=4", quiet), command(data, "/roll", quiet)]);
  const [first] = done;
  expect(done).toHaveLength(4);
  expect(done[1]).toBe(first?.replace("begins", "ends"));
});

it("a request without the token of the data folder is refused", async () => {
  updateRunner(data, { ...runner, control: { port: runner.control?.port ?? 0, token: "wrong" } });
  await expect(askStatus(data)).rejects.toThrow("401");
  await expect(command(data, "/roll", () => undefined)).rejects.toThrow("401");
  expect(done).toEqual([]);
});

it("without a running cluster a command says how to start one", async () => {
  rmSync(join(data, "runner.json"));
  await expect(askStatus(data)).rejects.toThrow(`No cluster of ${data} runs: npm start -- --data ${data}`);
});
