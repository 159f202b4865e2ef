-- Who reacts to which message now. The events that say so are rows of `messages`; `day` is that of the event, so a reaction is kept
-- for as long as its event, and no shorter than its message.
create table reactions (
  room_id integer not null,
  target bigint not null,
  emoji text not null,
  user_id uuid not null,
  seq bigint not null,
  day date not null,
  primary key (room_id, target, emoji, user_id)
);
create index reactions_day on reactions (day);

-- By the statement that writes the events, whoever writes: a worker of an older release, too, that goes on beside this one. Only rows that
-- are new count, and events come in the order of their seqs, so an event that is written again changes nothing.
create function apply_reactions() returns trigger language plpgsql as $$
begin
  if not exists (select from written where kind = 'reactions') then return null; end if;
  with latest as (
    select distinct on (event.room_id, target, emoji, person.user_id) event.room_id, event.seq, event.day, target, emoji, person.user_id, is_on
    from written event
      cross join lateral jsonb_array_elements(event.data -> 'changes') change
      cross join lateral (select (change ->> 'target')::bigint as target, change ->> 'emoji' as emoji) place
      cross join lateral (
        select value::uuid as user_id, true as is_on from jsonb_array_elements_text(change -> 'on')
        union all select value::uuid, false from jsonb_array_elements_text(change -> 'off')
      ) person
    where event.kind = 'reactions'
    order by event.room_id, target, emoji, person.user_id, event.seq desc
  ), removed as (
    delete from reactions using latest
    where not latest.is_on and reactions.room_id = latest.room_id and reactions.target = latest.target
      and reactions.emoji = latest.emoji and reactions.user_id = latest.user_id and reactions.seq < latest.seq
  )
  insert into reactions as kept (room_id, target, emoji, user_id, seq, day)
  select room_id, target, emoji, user_id, seq, day from latest where is_on
  on conflict (room_id, target, emoji, user_id) do update set seq = excluded.seq, day = excluded.day where kept.seq < excluded.seq;
  return null;
end
$$;
create trigger apply_reactions after insert on messages
  referencing new table as written for each statement execute function apply_reactions();

-- A message that is blanked loses its reactions, however it is blanked.
create function remove_reactions() returns trigger language plpgsql as $$
begin
  delete from reactions using changed
  where changed.deleted and reactions.room_id = changed.room_id and reactions.target = changed.seq;
  return null;
end
$$;
create trigger remove_reactions after update on messages
  referencing new table as changed for each statement execute function remove_reactions();

-- Events that gateways of this release appended before this migration: only those of the last days can be.
do $$
declare recent date;
begin
  for recent in select distinct day from room_days where day >= current_date - 2 loop
    insert into reactions (room_id, target, emoji, user_id, seq, day)
    select room_id, target, emoji, user_id, seq, day from (
      select distinct on (event.room_id, target, emoji, person.user_id) event.room_id, event.seq, event.day, target, emoji, person.user_id, is_on
      from messages event
        cross join lateral jsonb_array_elements(event.data -> 'changes') change
        cross join lateral (select (change ->> 'target')::bigint as target, change ->> 'emoji' as emoji) place
        cross join lateral (
          select value::uuid as user_id, true as is_on from jsonb_array_elements_text(change -> 'on')
          union all select value::uuid, false from jsonb_array_elements_text(change -> 'off')
        ) person
      where event.day = recent and event.kind = 'reactions'
      order by event.room_id, target, emoji, person.user_id, event.seq desc
    ) latest where is_on
    on conflict (room_id, target, emoji, user_id) do update set seq = excluded.seq, day = excluded.day where reactions.seq < excluded.seq;
  end loop;
end
$$;
