/** The last day of the certificate with which nginx ends TLS, before browsers refuse it. */
import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Finding } from "./finding.ts";

const DAY_MS = 86_400_000;
const SOON_DAYS = 14;
const MEND = "renew it; npm start takes up renewed files by itself";

/** @param file of the certificate and its chain; empty: nothing is looked at. @param now ms since the epoch. */
export function certificateFindings(file: string, now = Date.now()): Finding[] {
  if (file === "") return [];
  try {
    return certificateEnd(readFileSync(file, "utf8"), now);
  } catch {
    return [{ kind: "warns", about: "certificate", says: `${file} is no certificate that can be read` }];
  }
}

/** @param cert PEM of a certificate. */
function certificateEnd(cert: string, now: number): Finding[] {
  const { validTo } = new X509Certificate(cert);
  const day = new Date(validTo).toISOString().slice(0, 10);
  const days = Math.floor((Date.parse(validTo) - now) / DAY_MS);
  if (days < 0)
    return [{ kind: "warns", about: "certificate", says: `the certificate ended on ${day}`, mend: MEND }];
  const says = `the certificate ends on ${day}`;
  const soon: Finding =
    days < SOON_DAYS
      ? { kind: "warns", about: "end of the certificate", says: `${says}, in ${days} days`, mend: MEND }
      : { kind: "fine", about: "end of the certificate", says };
  return [{ kind: "fine", about: "certificate", says }, soon];
}
