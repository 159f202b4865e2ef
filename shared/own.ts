/**
 * What a table holds under a key that somebody else chose: a newer server's code, a choice that was kept, a key of the keyboard. Of a
 * plain object `constructor` and its like are found under every name; here they are not. What has people's names as keys is a Map.
 */
export const own = <Value>(
  table: Readonly<Partial<Record<string, Value>>>,
  key: string,
): Value | undefined => (Object.hasOwn(table, key) ? table[key] : undefined);
