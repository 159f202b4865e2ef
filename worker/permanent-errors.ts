/** What PostgreSQL's refusals mean for a row. */
import type { PostgresError } from "../shared/server/postgres/pool.ts";
import { SQLSTATE } from "../shared/server/postgres/pool.ts";

type Refusal = InstanceType<typeof PostgresError>;

/** The check that routes rows to partitions has no constraint's name; a table's own check has one. */
export const isMissingPartition = ({ code, constraint_name }: Refusal): boolean =>
  code === SQLSTATE.checkViolation && !constraint_name;

/** Data exceptions (22), violated constraints (23) and exceeded limits (54): trying again would not help. */
export const isPermanent = ({ code }: Refusal): boolean => /^(22|23|54)/.test(code);
