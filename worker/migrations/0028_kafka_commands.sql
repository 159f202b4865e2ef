-- Commands from Kafka: how far they are read, and which ones were begun and answered. The gateways write both.
create table kafka_offsets (
  topic text not null,
  partition integer not null,
  -- the offset of the next record to read
  next bigint not null,
  primary key (topic, partition)
);

create table kafka_commands (
  -- the name of the key that signed it, and the id that its sender gave it
  key text not null,
  id text not null,
  -- as the command says
  expires_at timestamptz not null,
  begun_at timestamptz not null default now(),
  -- its effect is in PostgreSQL, in the transaction that set this; other effects are known by the client id
  done boolean not null default false,
  -- null: it has no answer yet
  answer jsonb,
  primary key (key, id)
);
create index kafka_commands_expiry on kafka_commands (expires_at);
