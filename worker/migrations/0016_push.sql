-- Notifications of a closed page. A subscription is a browser's, so it lives as long as the session in that browser.
create table push_subscriptions (
  session_id uuid primary key references sessions (id) on delete cascade,
  user_id uuid not null,
  endpoint text not null check (length(endpoint) <= 1000),
  p256dh bytea not null check (octet_length(p256dh) = 65),
  auth bytea not null check (octet_length(auth) = 16),
  -- the public key of the cluster that the browser subscribed with
  key text not null,
  hide_text boolean not null default false,
  -- people whose messages the browser does not show
  ignored uuid[] not null default '{}' check (cardinality(ignored) <= 100),
  -- in a row
  failures integer not null default 0,
  made_at timestamptz not null default now()
);
create index push_subscriptions_user on push_subscriptions (user_id);

-- Messages of the last hours that people with a subscription are to hear of. Taken rows stay for a while, so that an event that is
-- archived again is not queued again.
create table push_queue (
  user_id uuid not null,
  room_id integer not null,
  seq bigint not null,
  day date not null,
  at timestamptz not null,
  kind text not null,
  taken_at timestamptz,
  primary key (user_id, room_id, seq)
);
create index push_queue_waiting on push_queue (user_id) where taken_at is null;
create index push_queue_at on push_queue (at);

-- When a person may get the next notification.
create table push_pace (
  user_id uuid primary key,
  next_at timestamptz not null
);

-- However a session ends, and by whichever release: nothing more goes to its browser.
create function end_push_subscription() returns trigger language plpgsql security definer set search_path from current as $$
begin
  delete from push_subscriptions where session_id = new.id;
  return null;
end $$;
create trigger end_push_subscription after update of ended_at on sessions
  for each row when (new.ended_at is not null) execute function end_push_subscription();
