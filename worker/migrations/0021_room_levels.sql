-- How much of a room a user is notified of: one row for each choice that was made. Without one it is what speaks to them, and all of a
-- direct line.
create table room_levels (
  user_id uuid not null references users (id) on delete cascade,
  room_id integer not null,
  level text not null check (level in ('all', 'mentions', 'none')),
  primary key (user_id, room_id)
);
create index room_levels_room on room_levels (room_id);

-- The newest message of a room for each user who hears of all of it, and how many came since the last notification. The row stays for
-- a while after it is taken, so that an event that is archived again is not sent again.
create table push_rooms (
  user_id uuid not null,
  room_id integer not null,
  seq bigint not null,
  day date not null,
  at timestamptz not null,
  count integer not null,
  taken_at timestamptz,
  primary key (user_id, room_id)
) with (fillfactor = 80);
create index push_rooms_waiting on push_rooms (user_id) where taken_at is null;
create index push_rooms_at on push_rooms (at);

-- The language that the person reads in this browser.
alter table push_subscriptions add column language text check (length(language) <= 8);
