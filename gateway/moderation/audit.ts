/** The record of acts: each is written in the transaction that does the act, so that neither is there without the other. */
import type { Transaction } from "../../shared/server/postgres/pool.ts";
import { createModerationQueries, type NewAct } from "./moderation-queries.ts";

export const recordAct = (tx: Transaction, act: NewAct): Promise<void> =>
  createModerationQueries(tx).addAct(act);
