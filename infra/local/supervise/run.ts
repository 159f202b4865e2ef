import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Command } from "./die-with-parent.ts";

const execute = promisify(execFile);

/** Runs a command to its end. @throws Error with the last lines of its output if it fails. */
export async function run({ command, args }: Command): Promise<string> {
  try {
    const { stdout } = await execute(command, args, { maxBuffer: 16 << 20 });
    return stdout;
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    const output = `${stdout}${stderr}`.trimEnd().split("\n").slice(-4).join("\n");
    throw new Error(`${command} failed: ${output || (error as Error).message}`, { cause: error });
  }
}
