/** Why this process cannot do its work just now: one reason a part, none when all is well. */
export type Health = ReturnType<typeof createHealth>;

export function createHealth() {
  const reasons = new Map<string, string>();
  return {
    bad: (part: string, reason: string): void => void reasons.set(part, reason),
    good: (part: string): void => void reasons.delete(part),
    reasons: (): Record<string, string> => Object.fromEntries(reasons),
  };
}
