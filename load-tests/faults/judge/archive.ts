/** Judges the whole archive in PostgreSQL after a fault, with every room. */
import { runCommand } from "../../support/commands.ts";

/** @param data the cluster's folder. @returns the findings of `npm run verify`, in words. */
export async function archiveFaults(data: string): Promise<string[]> {
  try {
    await runCommand("verify", ["--json"], { data });
    return [];
  } catch (error) {
    const [words = ""] = (error as Error).message.trim().split("\n").slice(-1);
    return [`the archive: ${words}`];
  }
}
