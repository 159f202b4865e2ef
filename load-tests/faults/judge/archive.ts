/** Judges the whole archive in PostgreSQL after a fault, with every room. */
import type { FaultCluster } from "../target/fault-cluster.ts";

/** @returns the findings of `npm run verify`, in words. */
export async function archiveFaults({ command }: FaultCluster): Promise<string[]> {
  try {
    await command("verify", "--json");
    return [];
  } catch (error) {
    const [words = ""] = (error as Error).message.trim().split("\n").slice(-1);
    return [`the archive: ${words}`];
  }
}
