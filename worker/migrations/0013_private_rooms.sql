-- Private rooms and direct lines. To gateways of the release before, each is an archived room with a hidden history: nobody joins or
-- reads it there, no list has it, and no recovery touches it. The constraint keeps it so, whatever such a gateway does. `let_go_at`
-- says to workers of any release that Redis holds the room like an open one.
alter table rooms
  add column kind text not null default 'public',
  -- raised by each change of the members
  add column members_version integer not null default 0,
  add constraint rooms_kind_check check (kind in ('public', 'private', 'direct')),
  add constraint rooms_private_check check (
    kind = 'public'
    or (archived_at is not null and history_hidden and let_go_at is not null and name ~ '^[pd]-[a-z2-7]{26}$')
  );

create table room_members (
  room_id integer not null references rooms (id) on delete cascade,
  user_id uuid not null references users (id) on delete cascade,
  role text not null default 'member' check (role in ('owner', 'moderator', 'member')),
  joined_at timestamptz not null default now(),
  primary key (room_id, user_id)
);
create index room_members_user on room_members (user_id, room_id);

create table room_invitations (
  id bigint generated always as identity primary key,
  room_id integer not null references rooms (id) on delete cascade,
  -- SHA-256 of the link's token
  hash bytea not null unique,
  created_by uuid not null references users (id) on delete cascade,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  uses_left integer not null check (uses_left >= 0)
);
create index room_invitations_room on room_invitations (room_id);
create index room_invitations_expiry on room_invitations (expires_at);

-- The one direct line of each pair, the lower id first.
create table direct_lines (
  one uuid not null references users (id) on delete cascade,
  other uuid not null references users (id) on delete cascade,
  room_id integer not null unique references rooms (id) on delete cascade,
  primary key (one, other),
  check (one < other)
);
create index direct_lines_other on direct_lines (other);

-- Takes a person out of a private room, whose row the caller holds. When the last owner goes, the longest-standing moderator, or else
-- the longest-standing member, becomes an owner. Links of the leaver end. Returns how many members are left; null: the person was none.
create function leave_room(room integer, leaver uuid) returns integer language plpgsql as $$
declare members_left integer;
begin
  delete from room_members where room_id = room and user_id = leaver;
  if not found then return null; end if;
  delete from room_invitations where room_id = room and created_by = leaver;
  update rooms set members_version = members_version + 1 where id = room;
  update room_members set role = 'owner'
  where room_id = room and user_id = (
    select user_id from room_members join rooms on rooms.id = room_id
    where room_id = room and kind = 'private'
      and not exists (select from room_members where room_id = room and role = 'owner')
    order by role = 'moderator' desc, joined_at, user_id limit 1
  );
  select count(*) into members_left from room_members where room_id = room;
  return members_left;
end $$;
