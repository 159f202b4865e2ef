/** Judges what PostgreSQL holds after a fault: the whole archive, every room that was ever talked in. */
import { runCommand } from "../../support/commands.ts";

/** @param data the cluster's folder. @returns what `npm run verify` found, in words. */
export async function archiveFaults(data: string): Promise<string[]> {
  try {
    await runCommand("verify", ["--json"], { data });
    return [];
  } catch (error) {
    const [words = ""] = (error as Error).message.trim().split("\n").slice(-1);
    return [`the archive: ${words}`];
  }
}
