/** Bodies: bytes become a typed value here, or the request is refused. */
import type { Static, TSchema } from "typebox";
import { Compile } from "typebox/compile";
import type { TLocalizedValidationError } from "typebox/error";
import type { FieldCode } from "../../shared/http-api.ts";
import { own } from "../../shared/own.ts";
import { type FieldProblems, Refusal } from "../errors.ts";
import type { Call } from "./request.ts";

const decoder = new TextDecoder("utf-8", { fatal: true });

/**
 * @returns a reader of JSON bodies of one shape, which throws Refusal `invalid` or `too_large`. It ignores fields
 * beyond the shape.
 */
export function bodyReader<S extends TSchema>(
  schema: S,
): (call: Pick<Call, "headers" | "body">) => Promise<Static<S>> {
  const validator = Compile(schema);
  return async ({ headers, body }) => {
    const bytes = await body();
    // A foreign page could send a form or plain text without a preflight, but not JSON.
    if (!/^application\/json\s*(;|$)/i.test(headers.contentType)) {
      throw new Refusal("invalid", { detail: "The content type must be application/json" });
    }
    const value = parse(bytes);
    if (validator.Check(value)) return value as Static<S>;
    throw new Refusal("invalid", fieldsOf(validator.Errors(value)));
  };
}

function parse(bytes: Uint8Array): unknown {
  let value: unknown;
  try {
    value = JSON.parse(decoder.decode(bytes));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) {
      throw new Refusal("invalid", { detail: "The body must be JSON in UTF-8" });
    }
    throw error;
  }
  // Harmless if ignored, but no honest client sends it.
  if (typeof value === "object" && value !== null && Object.hasOwn(value, "__proto__"))
    throw new Refusal("invalid");
  return value;
}

const FIELD_CODES: Partial<Record<string, FieldCode>> = {
  type: "wrong_type",
  minLength: "too_short",
  maxLength: "too_long",
  pattern: "bad_format",
};

function fieldsOf(errors: TLocalizedValidationError[]): { fields?: FieldProblems } {
  const fields: FieldProblems = {};
  for (const error of errors) {
    if (error.keyword === "required") {
      for (const name of error.params.requiredProperties) fields[name] = "missing";
    } else if (error.instancePath !== "") {
      fields[error.instancePath.slice(1)] ??= own(FIELD_CODES, error.keyword) ?? "bad_format";
    }
  }
  return Object.keys(fields).length > 0 ? { fields } : {};
}
