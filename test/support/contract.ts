/** Checks received server frames against the contract. */
import Compile from "typebox/compile";
import { SERVER_FRAMES } from "../../shared/server-frame-schemas.ts";
import type { ServerFrame } from "../../shared/server-frames.ts";

const checks = new Map(Object.entries(SERVER_FRAMES).map(([type, schema]) => [type, Compile(schema)]));

/** @returns the violation of a frame; undefined for a valid one. */
export function breachOf(frame: ServerFrame): string | undefined {
  const check = checks.get(frame.type);
  if (!check) return `no such frame: ${JSON.stringify(frame)}`;
  if (check.Check(frame)) return undefined;
  return `${check.Errors(frame)[0]?.instancePath}: ${JSON.stringify(frame).slice(0, 500)}`;
}
