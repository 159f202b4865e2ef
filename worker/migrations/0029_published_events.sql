-- Where each epoch of a room began: the name of an event outside, such as in Kafka, has it. Written in the transaction that begins the
-- epoch, before its first seq is given, and above every seq that is a row: which epoch a row belongs to never changes.
create table room_epochs (
  room_id integer not null references rooms (id) on delete cascade,
  base bigint not null,
  primary key (room_id, base)
);

create function note_epoch() returns trigger
language plpgsql security definer set search_path from current as $$
begin
  insert into room_epochs (room_id, base) values (new.id, new.epoch_seq) on conflict do nothing;
  return null;
end $$;
create trigger note_epoch after insert or update of epoch_seq on rooms
  for each row when (new.epoch_seq > 0) execute function note_epoch();

-- Of the epochs before this release only the newest of each room is known.
insert into room_epochs (room_id, base) select id, epoch_seq from rooms where epoch_seq > 0 on conflict do nothing;

-- Up to where Kafka surely has all events of a room. Kafka itself knows it exactly; this is for the worker's retention and for people.
-- Free room in each page lets an update stay in it.
create table kafka_published (
  room_id integer primary key references rooms (id) on delete cascade,
  seq bigint not null
) with (fillfactor = 70);
