/**
 * Looks up an untrusted key in a table: a newer server's code, a stored choice, a key of the keyboard. Ignores inherited properties
 * such as `constructor`, which a plain index would find. Use a Map where people's names are keys.
 */
export const own = <Value>(
  table: Readonly<Partial<Record<string, Value>>>,
  key: string,
): Value | undefined => (Object.hasOwn(table, key) ? table[key] : undefined);
