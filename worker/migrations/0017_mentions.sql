-- Who is to learn of which messages: those that they mention, and the author that they reply to.
create table mentions (
  user_id uuid not null,
  day date not null,
  room_id integer not null,
  seq bigint not null,
  at timestamptz not null,
  primary key (room_id, seq, user_id)
);
create index mentions_newest on mentions (user_id, at desc, seq desc);
-- For the retention. Rows come in the order of their days.
create index mentions_days on mentions using brin (day) with (pages_per_range = 32, autosummarize = on);

-- By the statement that writes the messages, whoever writes: a worker of an older release, too, that goes on beside this one.
create function note_mentions() returns trigger language plpgsql as $$
begin
  insert into mentions (user_id, day, room_id, seq, at)
  select distinct who::uuid, day, room_id, seq, (day + time) at time zone 'UTC'
  from written cross join lateral (
    select jsonb_array_elements(case jsonb_typeof(data -> 'mentions') when 'array' then data -> 'mentions' else '[]' end) ->> 'id'
    union all select data #>> '{reply,user}'
  ) named (who)
  where data ?| array['mentions', 'reply'] and kind = 'message' and not deleted
    and who ~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' and who is distinct from user_id::text
  on conflict do nothing;
  return null;
end
$$;
create trigger note_mentions after insert on messages
  referencing new table as written for each statement execute function note_mentions();

-- Those of a deleted message go with its text, whichever statement blanks it.
create function forget_mentions() returns trigger language plpgsql as $$
begin
  delete from mentions using written
  where written.deleted and mentions.room_id = written.room_id and mentions.seq = written.seq;
  return null;
end
$$;
create trigger forget_mentions after update on messages
  referencing new table as written for each statement execute function forget_mentions();
