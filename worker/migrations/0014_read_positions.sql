-- How far a user has read a room, written behind by the worker: one row for each user and room, whose seq only rises.
create table read_positions (
  user_id uuid not null references users (id) on delete cascade,
  room_id integer not null,
  seq bigint not null,
  primary key (user_id, room_id)
) with (fillfactor = 80);

-- For rooms that are removed.
create index read_positions_room on read_positions (room_id);
