export function createSilence(now = () => performance.now()) {
  let heardAt: number | undefined;
  let longest = 0;
  return {
    /** Starts measuring. */
    begin(): void {
      heardAt = now();
      longest = 0;
    },
    heard(events: number): void {
      if (events > 0) note();
    },
    /** Pauses the measurement while the client itself does not read. */
    stop(): void {
      note();
      heardAt = undefined;
    },
    /** Ends the measurement. @returns milliseconds. */
    end(): number {
      note();
      heardAt = undefined;
      return longest;
    },
  };

  function note(): void {
    if (heardAt === undefined) return;
    const at = now();
    longest = Math.max(longest, at - heardAt);
    heardAt = at;
  }
}
