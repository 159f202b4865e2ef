/** The client's fault, by name: thrown by the domain, turned into a `refused` frame in one place. */
import type { RefusalCode } from "../shared/codes.ts";

export class Refused extends Error {
  readonly code: RefusalCode;
  readonly retryAfterMs: number | undefined;

  constructor(code: RefusalCode, retryAfterMs?: number) {
    super(code);
    this.name = "Refused";
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}
