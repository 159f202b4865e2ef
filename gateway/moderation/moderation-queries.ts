/** SQL of moderation: what is done to users and rooms, the record of it, and what people reported. */
import type { Act, ActName, PersonAnswer, Report } from "../../shared/http-api.ts";
import type { Sql, Transaction } from "../../shared/server/postgres/pool.ts";
import type { Ban, Restriction, Role } from "../../shared/server-frames.ts";
import { banColumns } from "../accounts/user-queries.ts";
import type { BannedUser } from "../control/ban-list.ts";
import type { IdentityReads } from "../control/identity-cache.ts";
import { roomColumns, type StoredRoom } from "../rooms/room-queries.ts";

export type Target = { id: string; nickname: string; role: Role };
export type NewAct = {
  act: ActName;
  by: string;
  user?: string;
  room?: string;
  seq?: number;
  detail?: Record<string, string | number | null>;
};
/** The message as it was said, for moderators only and until somebody has seen to the report. */
export type Said = { text: string; as: string; at: number };
export type NewReport = {
  room: string;
  seq: number;
  author: string | null;
  reporter: string;
  reason: string;
};

/** Who acts, as they are now. Null: no such user, banned or closed. */
export async function findActor(db: Sql | Transaction, id: string): Promise<Target | null> {
  const [actor] = await db<Target[]>`
    select id, nickname, role from users
    where id = ${id} and closed_at is null and coalesce(banned_until <= now(), true)`;
  return actor ?? null;
}

/** Somebody as they are now. Null: no such user, or closed. */
export async function findPerson(db: Sql, id: string): Promise<PersonAnswer | null> {
  const [row] = await db<(Target & Ban & { banned: boolean })[]>`
    select id, nickname, role, ${banColumns(db)}, coalesce(banned_until > now(), false) as banned
    from users where id = ${id} and closed_at is null`;
  if (!row) return null;
  const { nickname, role, reason, until } = row;
  const muted = await findRestriction(db, id);
  return { user: { id, nickname, role }, muted, ban: row.banned ? { reason, until } : null };
}

/** Holds the user until the transaction ends. Null: no such user, or closed. */
export async function lockUser(tx: Transaction, id: string): Promise<Target | null> {
  const [user] = await tx<Target[]>`
    select id, nickname, role from users where id = ${id} and closed_at is null for no key update`;
  return user ?? null;
}

/** Null: may write. */
export async function findRestriction(db: Sql | Transaction, id: string): Promise<Restriction | null> {
  const [row] = await db<{ reason: string; until: Date }[]>`
    select coalesce(restricted_reason, '') as reason, restricted_until as until
    from users where id = ${id} and restricted_until > now()`;
  return row ? { reason: row.reason, until: row.until.getTime() } : null;
}

/**
 * Also when it says what the row says already, this is the newest word: a mute of the spam rule that is still on its way
 * comes too late.
 * @param until null: may write again.
 */
export async function setRestriction(
  tx: Transaction,
  id: string,
  reason: string,
  until: number | null,
): Promise<void> {
  await tx`
    update users set restricted_reason = ${until === null ? null : reason},
      restricted_until = ${until === null ? null : new Date(until)},
      version = version + 1, restriction_version = version + 1
    where id = ${id}`;
}

/**
 * Keeps a restriction that was decided by what the user's row said in `version`, unless a longer one is kept or it was
 * changed since: whoever lifted it has the last word.
 */
export async function keepRestriction(
  tx: Transaction,
  { user, reason, until, version }: { user: string; version: number } & Restriction,
): Promise<void> {
  await tx`
    update users set restricted_reason = ${reason}, restricted_until = ${new Date(until)}
    where id = ${user} and restriction_version <= ${version}
      and coalesce(restricted_until < ${new Date(until)}, true)`;
}

/** @param until null: not banned; Infinity: for good. */
export async function setBan(
  tx: Transaction,
  id: string,
  reason: string,
  until: number | null,
): Promise<void> {
  const text = until === null ? null : until === Infinity ? "infinity" : new Date(until).toISOString();
  await tx`
    update users set banned_reason = ${until === null ? null : reason}, banned_until = ${text}::text::timestamptz
    where id = ${id}`;
}

export async function setRole(tx: Transaction, id: string, role: Role): Promise<void> {
  await tx`update users set role = ${role} where id = ${id}`;
}

/** @returns the room as it is now; null: there is none. */
export async function changeRoom(
  tx: Transaction,
  name: string,
  change: { title: string | null; slowModeMs: number | null },
): Promise<StoredRoom | null> {
  const [room] = await tx<StoredRoom[]>`
    update rooms set title = coalesce(${change.title}, title),
      slow_mode_ms = coalesce(${change.slowModeMs}, slow_mode_ms)
    where name = ${name} returning ${roomColumns(tx)}`;
  return room ?? null;
}

export async function addAct(tx: Transaction, { act, by, user, room, seq, detail }: NewAct): Promise<void> {
  await tx`
    insert into audit (act, by_user, user_id, room, seq, detail)
    values (${act}, ${by}, ${user ?? null}, ${room ?? null}, ${seq ?? null}, ${detail ? tx.json(detail) : null})
    on conflict do nothing`;
}

/** Forgets what the report kept of the message. @returns the report; null: there is none, or somebody has seen to it. */
export async function handleReport(tx: Transaction, id: string, by: string): Promise<NewReport | null> {
  const [report] = await tx<(Omit<NewReport, "seq"> & { seq: string })[]>`
    update reports set handled_at = now(), handled_by = ${by}, text = null, said_as = null, said_at = null
    where id = ${id} and handled_at is null
    returning room, seq, author, reporter, reason`;
  return report ? { ...report, seq: Number(report.seq) } : null;
}

export function createModerationQueries(sql: Sql) {
  /** Somebody as an object, null when nobody is known by this id. */
  const named = (alias: string) => sql`
    case when ${sql(alias)}.id is null then null
    else json_build_object('id', ${sql(alias)}.id, 'nickname', ${sql(alias)}.nickname) end`;
  const millis = (column: string) => sql`floor(extract(epoch from ${sql(column)}) * 1000)::float8`;

  return {
    listBans: (): Promise<BannedUser[]> =>
      sql<BannedUser[]>`
        select id as "user", ${banColumns(sql)}, version from users where banned_until > now()`.then(
        (rows) => [...rows],
      ),

    listRestrictions: (): ReturnType<IdentityReads["listRestrictions"]> =>
      sql<({ user: string; version: number } & Restriction)[]>`
        select id as "user", coalesce(restricted_reason, '') as reason, ${millis("restricted_until")} as until, version
        from users where restricted_until > now()`.then((rows) => [...rows]),

    listChanged: (withinMs: number): ReturnType<IdentityReads["listChanged"]> =>
      sql<(Target & { version: number })[]>`
        select id, nickname, role, version from users
        where changed_at > now() - ${withinMs} * interval '1 millisecond' and closed_at is null`.then(
        (rows) => [...rows],
      ),

    /** Once for each message and reporter; again it changes nothing. */
    async addReport({ room, seq, author, reporter, reason }: NewReport, said: Said): Promise<void> {
      await sql`
        insert into reports (room, seq, author, reporter, reason, text, said_as, said_at)
        values (${room}, ${seq}, ${author}, ${reporter}, ${reason}, ${said.text}, ${said.as}, ${new Date(said.at)})
        on conflict do nothing`;
    },

    /** Those that nobody has seen to yet, newest first, below an id. */
    openReports: (below: string | null, most: number): Promise<Report[]> =>
      sql<(Omit<Report, "seq"> & { seq: string })[]>`
        select r.id::text, ${millis("r.at")} as at, r.room, r.seq, r.reason,
          ${named("a")} as author, ${named("u")} as reporter, r.text, ${millis("r.said_at")} as "saidAt",
          case when a.closed_at is null then r.said_as end as "saidAs"
        from reports r left join users a on a.id = r.author left join users u on u.id = r.reporter
        where r.handled_at is null and (${below}::bigint is null or r.id < ${below}::bigint)
        order by r.id desc limit ${most}`.then((rows) =>
        rows.map((row) => ({ ...row, seq: Number(row.seq) })),
      ),

    /** Newest first, below an id. */
    acts: (below: string | null, most: number): Promise<Act[]> =>
      sql<(Omit<Act, "seq"> & { seq: string | null })[]>`
        select r.id::text, ${millis("r.at")} as at, r.act, r.room, r.seq,
          coalesce(r.detail, '{}'::jsonb) as detail, ${named("a")} as by, ${named("u")} as "user"
        from audit r left join users a on a.id = r.by_user left join users u on u.id = r.user_id
        where ${below}::bigint is null or r.id < ${below}::bigint
        order by r.id desc limit ${most}`.then((rows) =>
        rows.map((row) => ({ ...row, seq: row.seq === null ? null : Number(row.seq) })),
      ),
  };
}
export type ModerationQueries = ReturnType<typeof createModerationQueries>;
