/**
 * Transactions that survive the loss of their connection. The library writes the next statement, ROLLBACK or COMMIT also to
 * a connection that is gone, and that ends the process (porsager/postgres#1154, #1208). Here nothing is written to it any more.
 */
import postgres, { type Sql, type TransactionSql } from "postgres";
import { isOutage } from "../process/unavailable.ts";

type Begin = Sql["begin"];
type Work<T> = (tx: TransactionSql) => T | Promise<T>;

/** For whom no answer is of use: the library, which would write to the connection next. */
const never = <T>(): Promise<T> => new Promise<T>(() => undefined);

/** A statement failed, for the world's fault and without an answer: its connection is lost. */
const isLoss = (error: unknown): boolean =>
  error instanceof Error && "query" in error && !(error instanceof postgres.PostgresError) && isOutage(error);

/** Refuses what is asked of a transaction after its end, instead of writing it. */
function guarded(tx: TransactionSql, gone: () => boolean): TransactionSql {
  const check = (): void => {
    if (gone()) throw Object.assign(new Error("the transaction is over"), { code: "CONNECTION_CLOSED" });
  };
  return new Proxy(tx, {
    apply(target, self, args) {
      check();
      return Reflect.apply(target, self, args);
    },
    get(target, name) {
      check();
      return Reflect.get(target, name);
    },
  });
}

/**
 * @param begin the library's, of one pool.
 * @returns a `begin` whose promise fails with an outage when the connection is lost, wherever the work stands by then.
 */
export function steadyBegin(begin: Begin): Begin {
  const steady = <T>(options: string, work: Work<T>): Promise<unknown> =>
    new Promise((resolve, reject) => {
      let gone = false;
      const fail = (error: unknown): void => {
        gone = true;
        reject(error);
      };
      const attempt = begin(options, async (tx) => {
        try {
          const result = await work(guarded(tx, () => gone));
          return gone ? await never<T>() : result;
        } catch (error) {
          if (isLoss(error)) fail(error);
          if (gone) return await never<T>();
          throw error;
        }
      });
      attempt.then(resolve, fail);
    });
  return (<T>(first: string | Work<T>, second?: Work<T>) =>
    typeof first === "string" ? steady(first, second as Work<T>) : steady("", first)) as Begin;
}
