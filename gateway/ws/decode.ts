/** Bytes to frames, and frames to their types by the contract: the only validation of a client's frames by form. */
import Compile from "typebox/compile";
import { CLIENT_FRAMES, type ClientFrame } from "../../shared/client-frames.ts";

/** A JSON object of any content. */
export type Raw = Record<string, unknown>;
export type Parsed = { ok: true; frame: ClientFrame } | { ok: false; code: "invalid" | "unknown_type" };

const checks = new Map<string, { Check: (value: unknown) => boolean }>(
  Object.entries(CLIENT_FRAMES).map(([type, schema]) => [type, Compile(schema)]),
);

const isObject = (value: unknown): value is Raw =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const decoder = new TextDecoder("utf-8", { fatal: true });

/** @returns the objects of one message in order (one, or an array of them); undefined for anything else. */
export function parseBytes(message: ArrayBuffer): Raw[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(decoder.decode(message));
  } catch {
    // Not JSON, or not UTF-8: the sender learns it from the close code.
    return undefined;
  }
  if (isObject(value)) return [value];
  return Array.isArray(value) && value.every(isObject) ? value : undefined;
}

/** Only own properties count: `__proto__` and the like are no frame types. */
export function parseFrame(raw: Raw): Parsed {
  const check = typeof raw.type === "string" ? checks.get(raw.type) : undefined;
  if (!check) return { ok: false, code: typeof raw.type === "string" ? "unknown_type" : "invalid" };
  return check.Check(raw)
    ? { ok: true, frame: raw as unknown as ClientFrame }
    : { ok: false, code: "invalid" };
}
