-- Sessions that no lost answer ends, that are told why they ended, and that are known to have ended however clocks jump.
alter table sessions
  -- the hash of what all refresh tokens of the session have in common: it names an old one that is kept no longer
  add column family bytea,
  -- why it ended, when it was not its owner who ended it
  add column ended_why text,
  -- when the last of its access tokens ends, by the clock of the gateway that made it
  add column tokens_until timestamptz;
create unique index sessions_family on sessions (family) where family is not null;
create index sessions_ended_tokens on sessions (greatest(ended_at, tokens_until)) where ended_at is not null;

alter table refresh_tokens
  -- the hash of the token that took this one's place; null also when a gateway of an earlier release replaced it
  add column successor bytea,
  -- when the successor was seen in use: from then on nobody who is honest has this one any more
  add column spent_at timestamptz;
create index refresh_tokens_spent on refresh_tokens (spent_at) where spent_at is not null;

-- The cluster's own name, as long as its data: cookies carry it, since they know no port.
insert into cluster (key, value) values ('id', left(replace(gen_random_uuid()::text, '-', ''), 12)) on conflict do nothing;
-- Gateways of the release before know only the cookie's former name: for a day both are set, where there was anybody.
insert into cluster (key, value)
  select 'former_cookie_until', (extract(epoch from now() + interval '1 day') * 1000)::bigint::text
  where exists (select from users)
on conflict do nothing;
