-- For Kafka, besides the events of rooms: the state of users and rooms, the audit, results of commands. Triggers fill it, which exist only
-- while the worker has a Kafka: worker/kafka/outbox.ts creates and drops them, publishes the rows and removes them.
create table kafka_outbox (
  -- Of two rows with the same key, the later state has the higher id: its writer waited for the other one's lock. Lower than all
  -- others are those of the first state.
  id bigint generated always as identity primary key,
  topic text not null,
  key text not null,
  -- null: deletes the key
  value jsonb,
  at timestamptz not null default now(),
  -- The order of publication, given when a row is found: a transaction that commits late has low ids and gets high places.
  place bigint unique
);

-- `public` and `private`: whose rooms, and whose acts of the audit, the outbox is kept for.
create table kafka_parts (
  part text primary key check (part in ('public', 'private')),
  -- null: the first state is not in the outbox
  filled_at timestamptz,
  -- the last act of the audit when the triggers were dropped
  acts_upto bigint not null default 0
);
insert into kafka_parts (part) values ('public'), ('private');

-- The values, as Kafka gets them: nothing that is not said here leaves the table.
create function kafka_user(person users) returns jsonb language sql stable as $$
  select case when person.closed_at is null then
    jsonb_build_object('id', person.id, 'nickname', person.nickname, 'role', person.role)
  end
$$;

create function kafka_room(room rooms) returns jsonb language sql stable as $$
  select jsonb_strip_nulls(jsonb_build_object(
    'name', room.name, 'title', room.title, 'slowModeMs', room.slow_mode_ms,
    'createdAt', floor(extract(epoch from room.created_at) * 1000)::bigint,
    'kind', nullif(room.kind, 'public'),
    'archived', case when room.kind = 'public' and room.archived_at is not null then
      case when room.history_hidden then 'hidden' else 'shown' end
    end,
    'pinned', room.pinned_seq
  ))
$$;

-- As moderators see it. Names are those of now, and nobody's whose account is closed.
create function kafka_act(act audit) returns jsonb language sql stable as $$
  select jsonb_build_object(
    'id', act.id::text, 'at', floor(extract(epoch from act.at) * 1000)::bigint, 'act', act.act,
    'by', (select jsonb_build_object('id', id, 'nickname', nickname) from users where id = act.by_user),
    'user', (select jsonb_build_object('id', id, 'nickname', nickname) from users where id = act.user_id),
    'room', act.room, 'seq', act.seq, 'detail', coalesce(act.detail, '{}')
  )
$$;

create function kafka_user_changed() returns trigger language plpgsql security definer set search_path from current as $$
begin
  insert into kafka_outbox (topic, key, value) values ('users', coalesce(new.id, old.id), kafka_user(new));
  return null;
end $$;

-- The argument of each is what the name of the topic begins with: '' or 'private.'.
create function kafka_room_changed() returns trigger language plpgsql security definer set search_path from current as $$
begin
  insert into kafka_outbox (topic, key, value)
  values (tg_argv[0] || 'rooms', coalesce(new.name, old.name), case when tg_op <> 'DELETE' then kafka_room(new) end);
  return null;
end $$;

create function kafka_act_recorded() returns trigger language plpgsql security definer set search_path from current as $$
begin
  insert into kafka_outbox (topic, key, value) values (tg_argv[0] || 'audit', new.id, kafka_act(new));
  return null;
end $$;

-- Of a deleted room, bit by bit, and of one whose import was given up. Those that were deleted before too, because the events that say
-- so may have gone with the room before Kafka got them.
create function kafka_messages_removed() returns trigger language plpgsql security definer set search_path from current as $$
begin
  insert into kafka_outbox (topic, key)
  select tg_argv[0] || 'messages', concat(room.name, '/', gone.seq)
  from gone cross join lateral (
    select name from deleted_rooms where id = gone.room_id union all select name from rooms where id = gone.room_id limit 1
  ) room
  where gone.kind = 'message' and (room.name ~ '^[pd]-[a-z2-7]{26}$') = (tg_argv[0] = 'private.');
  return null;
end $$;
