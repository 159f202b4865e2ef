-- Archives that were brought in from elsewhere: how far each is written, changed in the transaction that writes the rows.
create table imports (
  id integer generated always as identity primary key,
  -- of the first bytes of what is read, by which it is known again
  fingerprint text not null,
  -- in the client ids that the import makes: two imports never make the same
  tag text not null,
  -- every line that ends up to here is a row or was rejected, and the digest of the bytes just before
  bytes bigint not null default 0,
  tail text not null default '',
  lines bigint not null default 0,
  rejected bigint not null default 0,
  -- how long the file of the rejected lines was then
  rejected_bytes bigint not null default 0,
  started_at timestamptz not null default now(),
  finished_at timestamptz
);
create index imports_fingerprint on imports (fingerprint);

-- The rooms of an import. One that was not there before has a number and rows, but is no room before all of it is written:
-- nothing that asks for rooms, of whatever release, can open half of it.
create table imported_rooms (
  import_id integer not null references imports (id) on delete cascade,
  name text not null,
  room_id integer not null,
  title text,
  existed boolean not null,
  first_seq bigint not null,
  -- the lines that were written have the seqs below
  next_seq bigint not null,
  -- when all of it was written and the room is open
  settled_at timestamptz,
  primary key (import_id, name)
);
create unique index imported_rooms_reserved on imported_rooms (name) where settled_at is null;
create index imported_rooms_number on imported_rooms (room_id);

-- As before, and a name whose room is being imported is taken: the insert does nothing, as for a room that is there.
create or replace function room_born() returns trigger
language plpgsql security definer set search_path from current as $$
begin
  if exists (select from imported_rooms where name = new.name and not existed and settled_at is null) then
    return null;
  end if;
  select coalesce(max(last_seq) + 1000000, 0) into new.born_seq from deleted_rooms where name = new.name;
  new.last_seq := greatest(new.last_seq, new.born_seq);
  return new;
end $$;
