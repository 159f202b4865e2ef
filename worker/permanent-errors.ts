/** Tells the errors of PostgreSQL that a row causes from those that a retry can fix. */
import type { PostgresError } from "../shared/server/postgres/pool.ts";
import { SQLSTATE } from "../shared/server/postgres/pool.ts";

type Refusal = InstanceType<typeof PostgresError>;

/** A row without a partition fails a check without a constraint name; the checks of a table have one. */
export const isMissingPartition = ({ code, constraint_name }: Refusal): boolean =>
  code === SQLSTATE.checkViolation && !constraint_name;

/** Data exceptions (22), violated constraints (23) and exceeded limits (54), which a retry cannot fix. */
export const isPermanent = ({ code }: Refusal): boolean => /^(22|23|54)/.test(code);
