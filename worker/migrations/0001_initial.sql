-- What the whole cluster agrees on and no process may change on its own, such as the number of shards.
create table cluster (
  key text primary key,
  value text not null
);

create table users (
  id uuid primary key,
  email text not null,
  -- lower case: two spellings of one address are one account
  email_key text not null unique,
  nickname text not null,
  -- NFKC and case folded: two names that read alike are one name
  nickname_key text not null unique,
  password_hash text,
  role text not null default 'user' check (role in ('user', 'moderator', 'admin')),
  restricted_reason text,
  restricted_until timestamptz,
  banned_until timestamptz,
  created_at timestamptz not null default now()
);

create table sessions (
  id uuid primary key,
  user_id uuid not null references users (id) on delete cascade,
  ip inet,
  user_agent text not null default '',
  created_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  expires_at timestamptz not null,
  ended_at timestamptz
);
create index sessions_user on sessions (user_id);
create index sessions_expiry on sessions (expires_at);

-- Every refresh token of a session: the newest is usable, an older one that comes back gives the family away.
create table refresh_tokens (
  hash bytea primary key,
  session_id uuid not null references sessions (id) on delete cascade,
  created_at timestamptz not null default now(),
  replaced_at timestamptz
);
create index refresh_tokens_session on refresh_tokens (session_id);

create table rooms (
  id integer generated always as identity primary key,
  name text not null unique check (name ~ '^[a-z0-9][a-z0-9-]{0,31}$'),
  title text not null,
  slow_mode_ms integer not null default 0 check (slow_mode_ms >= 0),
  -- the highest seq that is in `messages` or `dead_letters`
  last_seq bigint not null default 0,
  created_by uuid references users (id) on delete set null,
  created_at timestamptz not null default now()
);
insert into rooms (name, title) values ('lobby', 'Lobby');

-- Every event of every room. The day is the partition key, so a row keeps the time of day only; room and seq name it.
create table messages (
  room_id integer not null,
  seq bigint not null,
  day date not null,
  time time(3) not null,
  kind text not null,
  user_id uuid,
  nickname text,
  client_id text,
  text text,
  deleted boolean not null default false,
  -- what kinds other than `message` carry beside the above
  data jsonb,
  primary key (room_id, seq, day)
) partition by range (day);

-- What could not be written, with its reason: kept for a person to look at, never dropped in silence.
create table dead_letters (
  id bigint generated always as identity primary key,
  room text not null,
  seq bigint not null,
  raw text not null,
  reason text not null,
  created_at timestamptz not null default now(),
  unique (room, seq, reason)
);
