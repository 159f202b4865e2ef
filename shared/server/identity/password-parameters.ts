/**
 * Cost of password hashes in every process: Argon2id at the minimum that OWASP recommends. After a raise, each stored hash is
 * replaced at the next log-in.
 */

export const ARGON2 = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

const ENCODED = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=\d+\$/;

/** Whether a stored hash was made at a lower cost than today's. */
export function isWeakerHash(encoded: string): boolean {
  const [, memory, time] = ENCODED.exec(encoded) ?? [];
  return !(Number(memory) >= ARGON2.memoryCost && Number(time) >= ARGON2.timeCost);
}
