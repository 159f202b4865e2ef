/** Client of the control server: finds the runner of a data folder and sends it commands. */
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import type { SettingInForce } from "../cli/environment.ts";
import { dataOption } from "../cli/options.ts";
import { Problem } from "../cli/problem.ts";
import { type Runner, readRunner } from "../data/runner-file.ts";
import type { Status } from "./cluster.ts";

/** @throws Problem when no cluster of this folder runs. */
export function findRunner(data: string): Runner {
  const runner = readRunner(data);
  if (!runner) throw new Problem(`No cluster of ${data} runs: npm start --${dataOption(data)}`);
  return runner;
}

/** How to reach the stores of a running cluster. @throws Problem when none runs, or it has none yet. */
export function findBackends(data: string): NonNullable<Runner["backends"]> {
  const { backends } = findRunner(data);
  if (!backends) throw new Problem(`The cluster of ${data} is only starting`);
  return backends;
}

/** @throws Problem when no cluster of this folder runs. */
export async function askStatus(data: string): Promise<Status> {
  return (await ask(data, "GET", "/status")).json() as Promise<Status>;
}

/** @throws Problem when no cluster of this folder runs. */
export async function askSettings(data: string): Promise<SettingInForce[]> {
  return (await ask(data, "GET", "/settings")).json() as Promise<SettingInForce[]>;
}

/** Makes the runner do something and prints its progress. @throws Problem with the runner's own words when it fails. */
export async function command(data: string, path: string, print: (line: string) => void): Promise<void> {
  const { body } = await ask(data, "POST", path);
  if (!body) return;
  for await (const line of createInterface(Readable.fromWeb(body as ReadableStream))) {
    const progress = JSON.parse(line) as { line: string } | { error: string };
    if ("error" in progress) throw new Problem(progress.error);
    print(progress.line);
  }
}

async function ask(data: string, method: string, path: string): Promise<Response> {
  const { control } = findRunner(data);
  if (!control) throw new Problem(`The cluster of ${data} is only starting`);
  const response = await fetch(`http://127.0.0.1:${control.port}${path}`, {
    method,
    headers: { authorization: `Bearer ${control.token}` },
  });
  if (!response.ok) throw new Problem(`The runner answered ${response.status}`);
  return response;
}
