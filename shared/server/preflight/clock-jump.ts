/** Jumps of this machine's clock, such as by a correction or a sleep: keys and tokens expire by it. */

const JUMP_MS = 2_000;

/** @param wall ms since the epoch. @param steady ms that no correction changes. @returns a function that tells how far the clock jumped since its last call; 0: it did not. */
export function createClockJump(wall: () => number, steady: () => number): () => number {
  let before = wall() - steady();
  return () => {
    const apart = wall() - steady();
    const jumped = Math.round(apart - before);
    before = apart;
    return Math.abs(jumped) > JUMP_MS ? jumped : 0;
  };
}
