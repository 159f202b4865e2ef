/** A command as it stands in Kafka: its reading from bytes that anybody may have written. Pure. */
import Compile from "typebox/compile";
import { COMMAND_ID, COMMANDS, type Command } from "../../shared/kafka-commands.ts";

/** A command has at most so many bytes; a longer one is not looked at. */
export const COMMAND_BYTES = 8_192;

const CHECKS = new Map(Object.entries(COMMANDS).map(([type, schema]) => [type, Compile(schema)]));
const TYPES = [...CHECKS.keys()].join(", ");
const decoder = new TextDecoder("utf-8", { fatal: true });

/** `id`: of a value whose form is wrong otherwise, if it has one. */
type ReadValue = { ok: true; command: Command } | { ok: false; id: string | undefined; detail: string };

/** @param value at most COMMAND_BYTES. */
export function readCommand(value: Uint8Array): ReadValue {
  const raw = parse(value);
  if (raw === undefined) return { ok: false, id: undefined, detail: "is no JSON object in UTF-8" };
  const id = typeof raw.id === "string" && COMMAND_ID.test(raw.id) ? raw.id : undefined;
  const check = typeof raw.type === "string" ? CHECKS.get(raw.type) : undefined;
  if (!check) return { ok: false, id, detail: `type is not one of ${TYPES}` };
  if (check.Check(raw)) return { ok: true, command: raw as unknown as Command };
  // The first one of a field that should not be there says nothing.
  const found = check.Errors(raw).find(({ keyword }) => keyword !== "boolean");
  const field = found?.instancePath.slice(1) ?? "";
  return { ok: false, id, detail: `${field} ${found?.message ?? "has another form"}`.trim() };
}

/** @returns the id that an untrusted value gives itself. */
export function idOf(value: Uint8Array): string | undefined {
  const id = parse(value)?.id;
  return typeof id === "string" && COMMAND_ID.test(id) ? id : undefined;
}

function parse(value: Uint8Array): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(decoder.decode(value));
    return typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)
      ? (parsed as Record<string, unknown>)
      : undefined;
  } catch {
    // No JSON, or no UTF-8: the sender learns it from the answer.
    return undefined;
  }
}
