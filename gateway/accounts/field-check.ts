/** The result of a check on one field: its normalized value, or the reason why it is refused. */
import type { FieldCode } from "../../shared/http-api.ts";

export type Checked<T> = { ok: true; value: T } | { ok: false; code: FieldCode };

export const accepted = <T>(value: T): Checked<T> => ({ ok: true, value });
export const refused = (code: FieldCode): Checked<never> => ({ ok: false, code });
