-- The processes that live on this database. Each renews its row every two seconds, by PostgreSQL's clock, and a row that was not
-- renewed for ten says nothing. It is what all of them must share beside the database: a new one with another Redis or with other
-- keys is refused while they live. Not logged, because a row that a crash of PostgreSQL takes is back at its next renewal.
create unlogged table processes (
  id uuid primary key,
  kind text not null check (kind in ('runner', 'gateway', 'worker')),
  name text not null,
  machine text not null,
  -- where it serves, for `npm run status`
  address text not null default '',
  pid integer not null,
  -- the id in Redis that says which Redis it is
  redis text not null,
  -- fingerprints of its signing keys, `kid:hash`
  signing_keys text[] not null default '{}',
  ready boolean not null default false,
  clients integer,
  -- the reason why a person has to look, in a line
  alarm text,
  -- how often it was renewed while its Redis answered with its id
  renewals bigint not null default 0,
  started_at timestamptz not null,
  renewed_at timestamptz not null
);

-- The newest events whose seq another event has, which is an alarm.
create index dead_letters_seq_taken on dead_letters (created_at) where reason = 'another event has its seq';
