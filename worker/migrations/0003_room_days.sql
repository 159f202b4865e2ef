-- Which days hold which seqs of a room: who reads names the days, and PostgreSQL opens no other partition.
create table room_days (
  room_id integer not null,
  day date not null,
  first_seq bigint not null,
  last_seq bigint not null,
  primary key (day, room_id)
);
create index room_days_seqs on room_days (room_id, last_seq, first_seq) include (day);

-- Days from before this table, until the worker has entered them: any of them may hold any seq.
create table unmapped_days (day date primary key);

-- By the statement that writes the rows, whoever writes: a worker of an older release, too, that goes on beside this one.
create function map_days() returns trigger language plpgsql as $$
begin
  insert into room_days as map (room_id, day, first_seq, last_seq)
  select room_id, day, min(seq), max(seq) from written group by room_id, day order by room_id, day
  on conflict (day, room_id) do update
    set first_seq = least(map.first_seq, excluded.first_seq), last_seq = greatest(map.last_seq, excluded.last_seq)
    where excluded.first_seq < map.first_seq or excluded.last_seq > map.last_seq;
  return null;
end
$$;
create trigger map_days after insert on messages
  referencing new table as written for each statement execute function map_days();

insert into unmapped_days
select to_date(substring(child.relname from '^messages_([0-9]{8})$'), 'YYYYMMDD')
from pg_inherits join pg_class child on child.oid = inhrelid
where inhparent = 'messages'::regclass and child.relname ~ '^messages_[0-9]{8}$';
