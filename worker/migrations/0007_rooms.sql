-- Rooms that an admin closed, names that are given again, the list searched by the server, and each person's own rooms.
alter table rooms
  -- nobody may join it or write in it; its history is read on, unless that is hidden
  add column archived_at timestamptz,
  add column history_hidden boolean not null default false,
  -- when Redis had let go of the archived room: until then its log may hold what `messages` does not
  add column let_go_at timestamptz,
  -- earlier rooms of this name had seqs up to here at most: none of them is ever given again
  add column born_seq bigint not null default 0;

-- Rooms that were deleted with all that was said in them. A row stays for ever: it says which seqs its name has used up.
create table deleted_rooms (
  id integer primary key,
  name text not null,
  -- no event of it had a higher seq
  last_seq bigint not null,
  deleted_at timestamptz not null default now(),
  -- when nothing was left of it, in Redis or here
  emptied_at timestamptz
);
create index deleted_rooms_name on deleted_rooms (name, last_seq);
create index deleted_rooms_left on deleted_rooms (id) where emptied_at is null;

-- Said here and not in a query, so that it holds for every release that makes rooms in this database. The step is more than
-- any lost tail of a log can have held.
create function room_born() returns trigger language plpgsql as $$
begin
  select coalesce(max(last_seq) + 1000000, 0) into new.born_seq from deleted_rooms where name = new.name;
  new.last_seq := greatest(new.last_seq, new.born_seq);
  return new;
end $$;
create trigger room_born before insert on rooms for each row execute function room_born();

-- Gateways may delete a room in this way and in no other: never the lobby, and never without noting its seqs.
create function delete_room(room integer, highest bigint) returns void
language plpgsql security definer set search_path from current as $$
begin
  insert into deleted_rooms (id, name, last_seq)
  select id, name, greatest(last_seq, highest) from rooms where id = room and name <> 'lobby';
  delete from rooms where id = room and name <> 'lobby';
end $$;
revoke all on function delete_room(integer, bigint) from public;

-- What people search in: letters as they read, and every one, two and three of them in a row, so that any part of a name or
-- title is found by an index, in scripts without spaces as well, where two letters are a word.
create function search_fold(given text) returns text language sql immutable parallel safe as
  $$ select lower(normalize(given, nfkc)) $$;
create function search_grams(given text, shortest integer) returns text[] language sql immutable parallel safe as $$
  select coalesce(array_agg(distinct substr(given, start, size)), '{}')
  from generate_series(1, length(given)) start, generate_series(shortest, 3) size
  where start + size - 1 <= length(given)
$$;
alter table rooms
  add column search_text text generated always as (search_fold(name || E'\n' || title)) stored;
alter table rooms
  add column search_grams text[]
    generated always as (search_grams(search_fold(name || E'\n' || title), 1)) stored;
create index rooms_search on rooms using gin (search_grams) with (fastupdate = off);
create index rooms_open on rooms (name) where archived_at is null;
create index rooms_archived on rooms (name) where archived_at is not null;
create index rooms_made on rooms (created_by) where archived_at is null;

-- The rooms that a person went to. Without a reference to rooms: of a deleted one the worker removes them bit by bit.
create table visited_rooms (
  user_id uuid not null references users (id) on delete cascade,
  room_id integer not null,
  visited_at timestamptz not null default now(),
  primary key (user_id, room_id)
);
create index visited_rooms_newest on visited_rooms (user_id, visited_at desc);
create index visited_rooms_room on visited_rooms (room_id);
