/** Judges a certificate and its key, before nginx gets them. Its end is a finding of shared/server/preflight. */
import { createPrivateKey, X509Certificate } from "node:crypto";
import { isIP } from "node:net";

export type Decision = {
  /** Why it cannot serve at all; empty: it can. */
  refusal: string;
  /** Why browsers will not accept it. */
  warnings: string[];
};

/** @param name the host that people open; empty: not known. */
export function judgeCertificate(cert: string, key: string, name: string, now: number): Decision {
  let leaf: X509Certificate;
  try {
    leaf = new X509Certificate(cert);
  } catch {
    return { refusal: "the certificate is not readable PEM", warnings: [] };
  }
  try {
    if (!leaf.checkPrivateKey(createPrivateKey(key)))
      return { refusal: "the key is not that of the certificate", warnings: [] };
  } catch {
    return { refusal: "the key is not readable PEM, or has a passphrase", warnings: [] };
  }
  const warnings: string[] = [];
  if (Date.parse(leaf.validFrom) > now) warnings.push(`the certificate begins on ${dayOf(leaf.validFrom)}`);
  const isItsName = isIP(name) === 0 ? leaf.checkHost(name) : leaf.checkIP(name);
  if (name !== "" && isItsName === undefined)
    warnings.push(`the certificate is for ${leaf.subjectAltName ?? leaf.subject}, not for ${name}`);
  return { refusal: "", warnings };
}

const dayOf = (date: string): string => new Date(date).toISOString().slice(0, 10);
