/** The longest time in which a client was shown nothing, while others are always talking. */
export type Silence = ReturnType<typeof createSilence>;

export function createSilence(now = () => performance.now()) {
  let heardAt: number | null = null;
  let longest = 0;
  const note = (): void => {
    if (heardAt === null) return;
    const at = now();
    longest = Math.max(longest, at - heardAt);
    heardAt = at;
  };
  return {
    /** From here on the time counts. */
    begin(): void {
      heardAt = now();
      longest = 0;
    },
    heard(events: number): void {
      if (events > 0) note();
    },
    /** From here on the time does not count: the client itself does not listen. */
    stop(): void {
      note();
      heardAt = null;
    },
    /** @returns milliseconds; what comes later no longer counts. */
    end(): number {
      note();
      heardAt = null;
      return longest;
    },
  };
}
