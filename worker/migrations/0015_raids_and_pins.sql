-- Raid mode, as moderators switch it: the newest row holds. Without minutes it is over.
create table raids (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  by_user uuid not null,
  minutes integer,
  until timestamptz
);

-- The message that stands at the top of a room.
alter table rooms add column pinned_seq bigint;
