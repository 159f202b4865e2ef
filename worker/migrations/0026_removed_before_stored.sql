-- A reaction that comes after its message was removed, because it was gathered before, counts nothing.
create or replace function apply_reactions() returns trigger language plpgsql as $$
declare on_day date;
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
  -- One day at a time and as a constant, so that only its partition is opened.
  for on_day in
    select day from room_days days
    where exists (
      select from written event cross join lateral jsonb_array_elements(event.data -> 'changes') change
      where event.kind = 'reactions' and event.room_id = days.room_id
        and (change ->> 'target')::bigint between days.first_seq and days.last_seq
    )
    union select day from unmapped_days
    union select day from written where deleted
  loop
    execute format(
      'delete from reactions
       where (room_id, target) in (
           select event.room_id, (change ->> ''target'')::bigint
           from written event cross join lateral jsonb_array_elements(event.data -> ''changes'') change where event.kind = ''reactions''
         )
         and exists (select from messages where day = %L and room_id = reactions.room_id and seq = reactions.target and deleted)', on_day
    );
  end loop;
  return null;
end
$$;

-- Messages that became rows after they had been removed: nothing said by which event.
do $$
declare recent date;
begin
  for recent in select distinct day from room_days where day >= current_date - 7 loop
    execute format(
      'update messages message set data = jsonb_build_object(''deletion'', removal.seq) || coalesce(message.data, ''{}'')
       from messages removal
       where message.day = %1$L and message.kind = ''message'' and message.deleted and not coalesce(message.data ? ''deletion'', false)
         and removal.day between %1$L::date and %1$L::date + 1 and removal.kind = ''removed''
         and removal.room_id = message.room_id and removal.seq > message.seq and (removal.data ->> ''from'')::bigint <= message.seq
         and removal.data ->> ''author'' = message.user_id::text', recent
    );
  end loop;
end
$$;
