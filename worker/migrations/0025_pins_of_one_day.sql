-- As before, with the day as a constant: a plan that is kept would lock the partitions of all days.
create or replace function note_pins() returns trigger language plpgsql as $$
declare
  pin record;
  on_day date;
begin
  if not exists (select from written where kind = 'notice' and data ->> 'code' in ('pinned', 'unpinned')) then return null; end if;
  update rooms set pinned_seq = latest.target, pin_event = latest.seq
  from (
    select distinct on (room_id) room_id, seq,
      case when data ->> 'code' = 'pinned' and jsonb_typeof(data -> 'target') = 'number' then (data ->> 'target')::bigint end as target
    from written where kind = 'notice' and data ->> 'code' in ('pinned', 'unpinned')
    order by room_id, seq desc
  ) latest
  where rooms.id = latest.room_id and coalesce(rooms.pin_event, 0) < latest.seq;
  for pin in
    select id, pinned_seq as seq from rooms
    where pinned_seq is not null
      and id in (select room_id from written where kind = 'notice' and data ->> 'code' = 'pinned')
  loop
    update rooms set pinned_seq = null
    where id = pin.id and exists (select from written where room_id = pin.id and seq = pin.seq and deleted);
    -- One day at a time, so that only its partition is opened.
    for on_day in
      select day from room_days where room_id = pin.id and first_seq <= pin.seq and last_seq >= pin.seq
      union select day from unmapped_days
    loop
      execute format(
        'update rooms set pinned_seq = null where id = $1
           and exists (select from messages where day = %L and room_id = $1 and seq = $2 and deleted)', on_day
      ) using pin.id, pin.seq;
    end loop;
  end loop;
  return null;
end
$$;
