/** SQL of the gateways' rights in PostgreSQL. */
import { type Db, inTransaction } from "../shared/server/postgres/pool.ts";
import { createMigrationQueries } from "./migration-queries.ts";

export function createGrantQueries(db: Db) {
  return {
    /**
     * Grants the role of the gateways the rights that this release needs, and revokes all others. Only the worker writes messages,
     * connections and a room's last seq. Partitions need no grants, because they are only read through their parent table.
     * Runs in one transaction, in one process at a time.
     */
    async grantGateway(name: string): Promise<void> {
      await inTransaction(db, async (tx) => {
        await createMigrationQueries(tx).lockMigrations();
        const role = tx(name);
        await tx`revoke all on all tables in schema public from ${role}`;
        await tx`grant select, insert on cluster, audit, raids to ${role}`;
        await tx`grant select, insert, update on users, sessions, refresh_tokens to ${role}`;
        await tx`
          grant select, insert (name, title, created_by, kind, archived_at, history_hidden, let_go_at),
            update (title, slow_mode_ms, archived_at, history_hidden, let_go_at, members_version, pinned_seq) on rooms to ${role}`;
        await tx`grant select, insert, update, delete on room_members, room_invitations, direct_lines to ${role}`;
        await tx`grant select on deleted_rooms to ${role}`;
        await tx`grant execute on function delete_room(integer, bigint), begin_epoch(text, bigint) to ${role}`;
        await tx`grant execute on function message_words(integer, text) to ${role}`;
        await tx`grant select, insert, update, delete on visited_rooms, processes to ${role}`;
        await tx`grant select, insert, update, delete on push_subscriptions, room_levels to ${role}`;
        await tx`grant select on messages, mentions, reactions, connections to ${role}`;
        await tx`grant select on read_positions to ${role}`;
        await tx`grant select on room_days, unmapped_days to ${role}`;
        await tx`grant select, insert, update on kafka_offsets, kafka_commands to ${role}`;
        await tx`grant insert (topic, key, value) on kafka_outbox to ${role}`;
        await tx`grant select, insert, update (handled_at, handled_by, text, said_as, said_at) on reports to ${role}`;
      });
    },
  };
}
