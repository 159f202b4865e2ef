/**
 * Transactions whose process survives the loss of their connection. The library would write the next statement, ROLLBACK or COMMIT
 * to the lost connection, which ends the process (porsager/postgres#1154, #1208). This wrapper writes nothing more to it.
 */
import type { Sql, TransactionSql } from "postgres";
import { Unavailable } from "../process/unavailable.ts";
import { atDoor, postgresError } from "./outages.ts";

type Begin = Sql["begin"];
type Work<T> = (tx: TransactionSql) => T | Promise<T>;
type End = { isOver: () => boolean; onLoss: (outage: Unavailable) => void };

/**
 * @param begin the library's `begin` of one pool.
 * @returns a `begin` that fails with `Unavailable` if the connection is lost at any point of the work.
 */
export function steadyBegin(begin: Begin): Begin {
  return (<T>(first: string | Work<T>, second?: Work<T>) =>
    typeof first === "string" ? steady(first, second as Work<T>) : steady("", first)) as Begin;

  function steady<T>(options: string, work: Work<T>): Promise<unknown> {
    return new Promise((resolve, reject) => {
      let over = false;
      const fail = (error: unknown): void => {
        over = true;
        reject(postgresError(error));
      };
      const attempt = begin(options, async (tx) => {
        try {
          const result = await work(guarded(tx, { isOver: () => over, onLoss: fail }));
          return over ? await never<T>() : result;
        } catch (error) {
          if (over) return await never<T>();
          throw error;
        }
      });
      attempt.then(resolve, fail);
    });
  }
}

/** A promise that never settles, so that the library sends nothing more on the lost connection. */
const never = <T>(): Promise<T> => new Promise<T>(() => undefined);

/** Rejects statements after the end of the transaction instead of writing them. */
function guarded(tx: TransactionSql, { isOver, onLoss }: End): TransactionSql {
  const check = (): void => {
    if (isOver()) throw new Unavailable("the transaction is over");
  };
  const { unsafe } = tx;
  return new Proxy(tx, {
    apply(target, self, args) {
      check();
      return atDoor(Reflect.apply(target, self, args), onLoss);
    },
    get(target, name) {
      check();
      if (name !== "unsafe") return Reflect.get(target, name);
      return (...args: Parameters<typeof unsafe>) => atDoor(unsafe(...args), onLoss);
    },
  });
}
