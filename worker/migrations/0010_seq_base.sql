-- From where the seqs of a room's newest epoch go on, kept before the first of them is given: when Redis and all gateways lose
-- what they know, no archived event may tell of it. Null: the room was never opened, its first event may be 1.
alter table rooms add column epoch_seq bigint;
update rooms set epoch_seq = last_seq where last_seq > 0;

-- Gateways may begin an epoch in this way and in no other: it only rises. The step is far more than any lost tail can have
-- held, and twice that of the release before, which knows none of this: its epochs do not begin where these do.
create function begin_epoch(room text, known bigint) returns bigint
language sql security definer set search_path from current as $$
  update rooms
  set epoch_seq = case
    when epoch_seq is null and greatest(known, last_seq) = 0 then 0
    else greatest(coalesce(epoch_seq, 0), known, last_seq) + 2000000
  end
  where name = room returning epoch_seq
$$;
revoke all on function begin_epoch(text, bigint) from public;

-- As before, and what an epoch may have given that nobody tells of any more counts as used up too.
create or replace function delete_room(room integer, highest bigint) returns void
language plpgsql security definer set search_path from current as $$
begin
  insert into deleted_rooms (id, name, last_seq)
  select id, name, greatest(last_seq, highest, epoch_seq) from rooms where id = room and name <> 'lobby';
  delete from rooms where id = room and name <> 'lobby';
end $$;
