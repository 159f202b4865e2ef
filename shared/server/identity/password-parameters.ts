/**
 * How costly a guess at a password is made, for every process that hashes one: Argon2id at the minimum that OWASP recommends.
 * Raised here, hashes follow at log-in.
 */

export const ARGON2 = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

const ENCODED = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=\d+\$/;

/** Whether a stored hash was made with less than what is asked for today. */
export function isWeakerHash(encoded: string): boolean {
  const [, memory, time] = ENCODED.exec(encoded) ?? [];
  return !(Number(memory) >= ARGON2.memoryCost && Number(time) >= ARGON2.timeCost);
}
