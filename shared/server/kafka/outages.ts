/** Recognizes outages among the errors of Kafka and of its client library, by class and code. Does not load the library. */
import { isNetworkError, Unavailable } from "../process/unavailable.ts";

/** An outage of Kafka. The outcome of the failed step is unknown. */
export class KafkaUnavailable extends Unavailable {
  /**
   * Of a bounded number of kinds, for a counter: `network`, `authentication`, `deadline`, `fenced` (another producer has taken this
   * transactional id), `closed`, or one of Kafka's own names, such as `NOT_ENOUGH_REPLICAS`.
   */
  readonly kind: string;

  constructor(kind: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

/** Kafka's names for an error that only a bug of ours causes. All others may pass, or an operator mends them. */
const FAULTS: ReadonlySet<unknown> = new Set([
  "CORRUPT_MESSAGE",
  "INVALID_CONFIG",
  "INVALID_FETCH_SIZE",
  "INVALID_PARTITIONS",
  "INVALID_RECORD",
  "INVALID_REQUEST",
  "INVALID_REQUIRED_ACKS",
  "INVALID_TIMESTAMP",
  "INVALID_TOPIC_EXCEPTION",
  "MESSAGE_TOO_LARGE",
  "RECORD_LIST_TOO_LARGE",
]);
/** Another producer has begun with the same transactional id, or Kafka gave a transaction up that took too long. */
const FENCED: ReadonlySet<unknown> = new Set(["PRODUCER_FENCED", "INVALID_PRODUCER_EPOCH"]);
/** The library's own codes that tell of a bug, in it or here. */
const LIBRARY_FAULT = /^PLT_KFK_(OUT_OF_BOUNDS|UNFINISHED_WRITE_BUFFER|UNSUPPORTED_(COMPRESSION|FORMAT))$/;

type LibraryError = Error & { code?: unknown; apiId?: unknown; errors?: unknown[] };

/** @returns `KafkaUnavailable` for an outage, with the error as its cause; otherwise the error itself. */
export function kafkaError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof Unavailable) return error;
  const leaves = leavesOf(error);
  const kinds = leaves.map(kindOf);
  const fault = kinds.indexOf(undefined);
  if (fault >= 0) return leaves[fault];
  // A producer that was fenced may have met other errors before.
  const shown = kinds.includes("fenced") ? kinds.indexOf("fenced") : 0;
  return new KafkaUnavailable(kinds[shown] ?? "network", wordsOf(leaves[shown] ?? error), { cause: error });
}

/** The errors that the library has gathered into this one, its retries among them. */
function leavesOf(error: LibraryError): LibraryError[] {
  const inner = (error.errors ?? []).filter((each) => each instanceof Error);
  if (inner.length > 0) return inner.flatMap((each) => leavesOf(each));
  const { code, cause } = error;
  if (!(cause instanceof Error) || code === AUTHENTICATION) return [error];
  // A refused log-in comes as a failed connection.
  return code === "PLT_KFK_NETWORK" && (cause as LibraryError).code !== AUTHENTICATION
    ? [error]
    : leavesOf(cause);
}

const AUTHENTICATION = "PLT_KFK_AUTHENTICATION";

/** The library says which broker, and Node why. */
const wordsOf = ({ message, cause }: Error): string =>
  cause instanceof Error ? `${message} (${cause.message})` : message;

/** @returns undefined for a bug. */
function kindOf(error: LibraryError): string | undefined {
  const { code, apiId } = error;
  if (isNetworkError(error)) return "network";
  if (FENCED.has(apiId)) return "fenced";
  if (FAULTS.has(apiId)) return undefined;
  if (typeof apiId === "string") return apiId;
  if (typeof code !== "string" || !code.startsWith("PLT_KFK_") || LIBRARY_FAULT.test(code)) return undefined;
  return code.slice("PLT_KFK_".length).toLowerCase();
}

/**
 * Waits for a step of the library, but not for ever: a connection without an answer is an outage.
 * @throws KafkaUnavailable in an outage, of kind `deadline` after `ms`; otherwise the error of the step.
 */
export async function within<T>(ms: number, step: string, work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new KafkaUnavailable("deadline", `Kafka: no end of ${step} in ${ms / 1_000} s`)),
      ms,
    );
  });
  const done = work();
  // After the deadline nobody awaits how the step ends.
  done.catch(() => undefined);
  try {
    return await Promise.race([done, deadline]);
  } catch (error) {
    throw kafkaError(error);
  } finally {
    clearTimeout(timer);
  }
}

const CLOSE_MS = 2_000;

/** Closes a client of the library. How that ends is of no interest: nothing more comes from it. */
export async function closeQuietly(client: { close(): Promise<void> }): Promise<void> {
  await within(CLOSE_MS, "close", () => client.close()).catch(() => undefined);
}
