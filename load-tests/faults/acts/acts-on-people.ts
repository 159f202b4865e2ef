/**
 * Judges messages and deletions by the acts on their author that had been acknowledged before: names, mutes, roles, bans.
 * Pure. Times are by performance.now(). One act is under way for each person at a time; one whose outcome is unknown may
 * have taken effect at any time after it was requested, or never.
 */

/** `value`: the name, `on` or `off`, the role. */
export type Act = {
  kind: "name" | "mute" | "ban" | "role";
  person: number;
  value: string;
  askedAt: number;
  /** Undefined: the outcome is unknown. */
  ackedAt: number | undefined;
};
/** A message, or a deletion of another user's message, that was sent once. */
export type Try = {
  kind: "say" | "delete";
  person: number;
  clientId: string;
  at: number;
  /** The time of any answer; undefined: none. */
  answeredAt: number | undefined;
  acked: boolean;
};
/** A message in PostgreSQL. */
export type Said = { clientId: string; nickname: string };

/** @returns one line for each message or deletion that violates an act. */
export function judgeActs(acts: readonly Act[], tries: readonly Try[], said: readonly Said[]): string[] {
  const faults: string[] = [];
  const nameOf = new Map(said.map(({ clientId, nickname }) => [clientId, nickname]));
  for (const one of tries) {
    const own = acts.filter(({ person }) => person === one.person);
    const happened = one.acked || nameOf.has(one.clientId);
    if (!happened) continue;
    const words = `${one.clientId} of person ${one.person}`;
    if (one.kind === "delete") {
      if (holds(own, "role", "user", one))
        faults.push(`${words} deleted another's message, no moderator any more`);
      continue;
    }
    if (holds(own, "mute", "on", one)) faults.push(`${words} was said while muted`);
    if (holds(own, "ban", "on", one)) faults.push(`${words} was said while banned`);
    const name = nameOf.get(one.clientId);
    if (name !== undefined && isFormer(own, name, one))
      faults.push(`${words} went out under ${name}, a former name`);
  }
  return faults;
}

/** Whether this was acknowledged before the try, and nothing else was requested until the answer. */
function holds(own: readonly Act[], kind: Act["kind"], value: string, { at, answeredAt }: Try): boolean {
  const until = answeredAt ?? Number.POSITIVE_INFINITY;
  const known = own.filter((act) => act.kind === kind && act.askedAt < until);
  const last = known.findLastIndex(({ ackedAt }) => ackedAt !== undefined && ackedAt < at);
  return last >= 0 && known.slice(last).every((act) => act.value === value);
}

/** Whether another name was acknowledged before the try. A rename of unknown outcome may take effect at any time. */
function isFormer(own: readonly Act[], name: string, { at }: Try): boolean {
  const names = own.filter(({ kind }) => kind === "name");
  const given = names.findLastIndex(({ value }) => value === name);
  if (given >= 0 && names[given]?.ackedAt === undefined) return false;
  return names.some(({ ackedAt }, index) => index > given && ackedAt !== undefined && ackedAt < at);
}
