-- The pinned message of a room is what its events say: `pin_event` is the seq of the notice that said it last. A gateway of an older
-- release sets `pinned_seq` too, just before the notice that says the same.
alter table rooms add column pin_event bigint;

-- By the statement that writes the notices, whoever writes: a worker of an older release, too, that goes on beside this one.
create function note_pins() returns trigger language plpgsql as $$
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
  return null;
end
$$;
create trigger note_pins after insert on messages
  referencing new table as written for each statement execute function note_pins();
