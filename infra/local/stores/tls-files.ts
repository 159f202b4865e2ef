/**
 * The certificate and the key of nginx: copies of the operator's files, so that a renewal that is half written, or does
 * not fit, never reaches it.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TlsPair } from "../../nginx/front.ts";
import { lineOf, Problem } from "../cli/problem.ts";
import { judgeCertificate } from "../data/certificate.ts";

const LOOK_EVERY_MS = 10_000;

/** The folder of the copies. */
export const tlsFolder = (data: string): string => join(data, "tls");
const certificateIn = (folder: string): string => join(folder, "tls.crt");
/** The certificate that nginx uses, while it ends TLS. */
export const certificateInUse = (data: string): string => certificateIn(tlsFolder(data));

export type TlsFiles = {
  /** The copies. */
  readonly files: TlsPair;
  /** Looks for renewed files from now on. @param onRenewed called when the copies have changed. */
  watch(onRenewed: () => Promise<void>): void;
  stop(): void;
};

/**
 * @param given the operator's files.
 * @param name the host that people open; empty: not known.
 * @throws Problem when they cannot serve.
 */
export function openTlsFiles(
  given: TlsPair,
  folder: string,
  name: string,
  say: (line: string) => void,
  lookEveryMs = LOOK_EVERY_MS,
): TlsFiles {
  const files = { cert: certificateIn(folder), key: join(folder, "tls.key") };
  let seen = read();
  let timer: NodeJS.Timeout | undefined;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const refusal = take(seen);
  if (refusal !== "") throw new Problem(refusal);

  return {
    files,
    watch(onRenewed) {
      timer = setInterval(() => void look(onRenewed), lookEveryMs).unref();
    },
    stop: () => clearInterval(timer),
  };

  async function look(onRenewed: () => Promise<void>): Promise<void> {
    try {
      const now = read();
      if (now.cert === seen.cert && now.key === seen.key) return;
      seen = now;
      const wrong = take(now);
      if (wrong !== "") return say(`${wrong}; the former certificate stays`);
      await onRenewed();
      say(`${given.cert}: the renewed certificate is in use`);
    } catch (error) {
      say(lineOf(error));
    }
  }

  function read(): { cert: string; key: string } {
    return { cert: readFileSync(given.cert, "utf8"), key: readFileSync(given.key, "utf8") };
  }

  /** Copies the pair if it can serve. @returns why not, otherwise. */
  function take({ cert, key }: { cert: string; key: string }): string {
    const { refusal, warnings } = judgeCertificate(cert, key, name, Date.now());
    if (refusal !== "") return `${given.cert}, ${given.key}: ${refusal}`;
    for (const warning of warnings) say(`${given.cert}: ${warning}; browsers will refuse it`);
    writeFileSync(files.cert, cert, { mode: 0o600 });
    writeFileSync(files.key, key, { mode: 0o600 });
    return "";
  }
}
