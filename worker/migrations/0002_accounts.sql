-- Accounts that close, moderation with its record, and from where people connected.
alter table users
  -- a closed account gives its address and its name back
  alter column email drop not null,
  alter column email_key drop not null,
  alter column nickname_key drop not null,
  -- how the nickname looks: two names that a reader would take for one are one; null until it was worked out
  add column nickname_skeleton text unique,
  add column banned_reason text,
  add column closed_at timestamptz,
  -- when the name was taken out of the archive of a closed account's messages
  add column erased_at timestamptz;
create index users_banned on users (banned_until) where banned_until is not null;
create index users_restricted on users (restricted_until) where restricted_until is not null;
create index users_closed on users (closed_at) where closed_at is not null;
create index sessions_ended on sessions (ended_at) where ended_at is not null;

-- Every act of moderation: who did what to whom, when and why. Rows are only ever added.
create table audit (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  act text not null,
  -- null: the operator, by command
  by_user uuid,
  user_id uuid,
  room text,
  seq bigint,
  detail jsonb,
  -- the deletion of a message is one act, however often its batch is written
  unique (act, room, seq)
);

-- What people found wrong, until a moderator has seen to it.
create table reports (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  room text not null,
  seq bigint not null,
  author uuid,
  reporter uuid not null,
  reason text not null,
  handled_at timestamptz,
  handled_by uuid,
  unique (room, seq, reporter)
);
create index reports_open on reports (id) where handled_at is null;

-- Each socket of a user: when, from where, with what. `gateway` and `boot` say whose lease ends it.
create table connections (
  id uuid primary key,
  user_id uuid not null,
  session_id uuid not null,
  connected_at timestamptz not null,
  disconnected_at timestamptz,
  ip inet,
  user_agent text not null default '',
  gateway text not null,
  boot text not null
);
create index connections_user on connections (user_id, connected_at desc);
create index connections_open on connections (boot) where disconnected_at is null;
