/** Keeps what one device heard of how far its user has read. Pure. */

export function createReaderLog(name: string) {
  const faults: string[] = [];
  /** The connection that was heard last, and the read that it told last. */
  let connection = 0;
  let told = 0;
  let own = 0;

  return {
    faults,
    /** The furthest that this device has read. */
    own: (): number => own,
    /** The read that the cluster told last. */
    told: (): number => told,
    read(seq: number): void {
      own = Math.max(own, seq);
    },
    /**
     * A connection told how far the user has read. Another connection may tell less at first, until the device has sent its reads again,
     * but no connection takes back what it told.
     */
    heard(on: number, read: number): void {
      if (on === connection && read < told)
        faults.push(`${name} was told that it had read up to ${told}, and then up to ${read}`);
      connection = on;
      told = read;
    },
  };
}
