/** A source of records for Kafka. The publisher asks each one in turn, and publishes what it gets in one transaction. */
import type { NewRecord, StoredRecord } from "../../shared/server/kafka/records.ts";

export type Source = {
  /** Called every few seconds, while Kafka is away too. */
  look(): Promise<void>;
  /** Begins to read, behind the watermarks that Kafka has. An earlier reading is over. */
  open(): Reading;
  /** The process stops. */
  end(): Promise<void>;
  /** How soon it has to be asked for news of which nobody tells. */
  everyMs?: number;
};

/** All calls come one after the other. */
export type Reading = {
  /** Takes a watermark: its own, or another source's, which it leaves alone. The last one of each key counts. */
  restore(watermark: StoredRecord): void;
  /** All watermarks are known. */
  restored(): Promise<void>;
  /** The records of the next transaction, with the watermark behind them; undefined: nothing waits. */
  next(): Promise<Piece | undefined>;
};

/** `settle`: to be called once the transaction has ended. Not committed: or perhaps it is; then the reading is over. */
export type Piece = { records: readonly NewRecord[]; settle: (isCommitted: boolean) => void };

/** Watermarks of sources other than rooms have a key with `_` in front, which no room's name has. */
export const isOfRoom = (key: string | undefined): key is string => key !== undefined && !key.startsWith("_");
