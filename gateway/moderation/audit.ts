/** The audit: each act is recorded in the transaction that does it, so that neither exists without the other. */
import type { Transaction } from "../../shared/server/postgres/pool.ts";
import { createModerationQueries, type NewAct } from "./moderation-queries.ts";

export type Recorded = NewAct;

export const recordAct = (tx: Transaction, act: NewAct): Promise<void> =>
  createModerationQueries(tx).addAct(act);
