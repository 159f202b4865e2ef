/** Certificates for tests, signed by themselves. */
import { execFileSync } from "node:child_process";

/** Writes `path`.crt and `path`.key. */
export function issueCertificate(path: string, name: string, days: number): void {
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const who = ["-subj", `/CN=${name}`, "-addext", `subjectAltName=DNS:${name}`, "-days", String(days)];
  const files = ["-keyout", `${path}.key`, "-out", `${path}.crt`];
  execFileSync("openssl", ["req", "-x509", ...curve, ...who, ...files], { stdio: "pipe" });
}
