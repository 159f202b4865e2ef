/** A finding: one thing that was looked at before or during a run, and what to do about it. */

export type Finding = {
  /** `refuses`: nothing starts with it. `warns`: it runs, but something does not hold. */
  kind: "refuses" | "warns" | "fine";
  /** The subject: the same words at each look, so that a change is found by it. */
  about: string;
  says: string;
  mend?: string;
  /** The promise that does not hold. */
  promise?: string;
  /** It may pass without anybody's help, so a start waits for it. */
  mayPass?: boolean;
};

const MAX_LINE = 300;

/** The finding as one line of at most 300 characters. */
export function lineOfFinding({ says, mend, promise }: Omit<Finding, "kind" | "about">): string {
  const off = promise === undefined ? "" : ` (${promise})`;
  const line = `${says}${off}${mend === undefined ? "" : `: ${mend}`}`.replaceAll(/\s+/g, " ").trim();
  return line.length > MAX_LINE ? `${line.slice(0, MAX_LINE - 1)}…` : line;
}

export const refusals = (findings: readonly Finding[]): Finding[] =>
  findings.filter(({ kind }) => kind === "refuses");

export const warnings = (findings: readonly Finding[]): Finding[] =>
  findings.filter(({ kind }) => kind === "warns");

/** Makes the warnings that turn a promise off refuse. */
export const strictly = (findings: readonly Finding[]): Finding[] =>
  findings.map((finding) =>
    finding.kind === "warns" && finding.promise !== undefined ? { ...finding, kind: "refuses" } : finding,
  );
