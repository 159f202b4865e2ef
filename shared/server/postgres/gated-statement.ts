/**
 * A statement that waits for its turn before it is sent. Owns how the library is made to do that; database.ts owns the
 * turns.
 */
import { isStatement, type Statement } from "./outages.ts";

/**
 * Makes a statement wait before it is sent; a fragment of another one is never sent. Other values of the library are
 * returned unchanged. Not for cursors, because they are answered more than once.
 * @param enter resolves when the statement may be sent, with a function to be called after the answer.
 * @param onError called with each error of the statement, as it comes from the library or from `enter`.
 */
export function gated<Made>(
  made: Made,
  enter: () => Promise<() => void>,
  onError: (error: unknown) => void,
): Made {
  if (!isStatement(made)) return made;
  const statement: Statement = made;
  const { handler: send } = statement;
  statement.handler = Object.assign(async (query: Statement) => {
    try {
      const leave = await enter();
      const { resolve, reject } = query;
      query.resolve = (value) => {
        leave();
        resolve(value);
      };
      query.reject = (error) => {
        leave();
        onError(error);
        reject(error);
      };
      send(query);
    } catch (error) {
      onError(error);
      query.reject(error);
    }
  }, send);
  return made;
}
