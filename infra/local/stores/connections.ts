/** The connections that PostgreSQL allows, before more gateways are started. */
import { type Finding, lineOfFinding } from "../../../shared/server/preflight/finding.ts";
import { lookAtStores } from "../../../shared/server/preflight/look.ts";
import { Problem } from "../cli/problem.ts";
import { recordedPids } from "../data/orphans.ts";

/** A runner and the number of gateways that it has or is to have. */
type Runner = { data: string; gateways: number };

/**
 * Reports a warning if so many gateways have too few connections when all are busy. A PostgreSQL that does not answer is left
 * to the gateways.
 * @throws Problem if they could not become ready.
 */
export async function requireConnections(
  databaseUrl: string,
  { data, gateways }: Runner,
  report: (line: string) => void,
): Promise<void> {
  const findings = await lookAtStores({
    databaseUrl,
    migrates: false,
    gateways,
    ownPids: recordedPids(data),
  });
  const found = findings.find(({ about }) => about === "PostgreSQL connections");
  if (found?.kind === "refuses") throw new Problem(lineOfFinding(found));
  if (found?.kind === "warns") report(`Warning: ${lineOfFinding(found)}`);
}

/** @returns all that is not as it should be at the stores of a running cluster. */
export async function findingsOf(
  { redisUrl, databaseUrl }: { redisUrl: string; databaseUrl: string },
  { data, gateways }: Runner,
): Promise<Finding[]> {
  const findings = await lookAtStores({
    redisUrl,
    databaseUrl,
    migrates: true,
    gateways,
    ownPids: recordedPids(data),
  });
  return findings.filter(({ kind }) => kind !== "fine");
}
