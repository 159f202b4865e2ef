-- What all migrations lead to. Written by `vitest run worker/schema.int.test.ts -u`; nothing reads it.

create table audit (
  id bigint generated always as identity not null,
  at timestamp with time zone default now() not null,
  act text not null,
  by_user uuid,
  user_id uuid,
  room text,
  seq bigint,
  detail jsonb,
  constraint audit_act_room_seq_key UNIQUE (act, room, seq),
  constraint audit_pkey PRIMARY KEY (id)
);

create table cluster (
  key text not null,
  value text not null,
  constraint cluster_pkey PRIMARY KEY (key)
);

create table connections (
  id uuid not null,
  user_id uuid not null,
  session_id uuid not null,
  connected_at timestamp with time zone not null,
  disconnected_at timestamp with time zone,
  ip inet,
  user_agent text default ''::text not null,
  gateway text not null,
  boot text not null,
  times integer default 1 not null,
  constraint connections_pkey PRIMARY KEY (id)
);

create table dead_letters (
  id bigint generated always as identity not null,
  room text not null,
  seq bigint not null,
  raw text not null,
  reason text not null,
  created_at timestamp with time zone default now() not null,
  constraint dead_letters_pkey PRIMARY KEY (id),
  constraint dead_letters_room_seq_reason_key UNIQUE (room, seq, reason)
);

create table deleted_rooms (
  id integer not null,
  name text not null,
  last_seq bigint not null,
  deleted_at timestamp with time zone default now() not null,
  emptied_at timestamp with time zone,
  constraint deleted_rooms_pkey PRIMARY KEY (id)
);

create table direct_lines (
  one uuid not null,
  other uuid not null,
  room_id integer not null,
  constraint direct_lines_check CHECK ((one < other)),
  constraint direct_lines_one_fkey FOREIGN KEY (one) REFERENCES users(id) ON DELETE CASCADE,
  constraint direct_lines_other_fkey FOREIGN KEY (other) REFERENCES users(id) ON DELETE CASCADE,
  constraint direct_lines_pkey PRIMARY KEY (one, other),
  constraint direct_lines_room_id_fkey FOREIGN KEY (room_id) REFERENCES rooms(id) ON DELETE CASCADE,
  constraint direct_lines_room_id_key UNIQUE (room_id)
);

create table imported_rooms (
  import_id integer not null,
  name text not null,
  room_id integer not null,
  title text,
  existed boolean not null,
  first_seq bigint not null,
  next_seq bigint not null,
  settled_at timestamp with time zone,
  constraint imported_rooms_import_id_fkey FOREIGN KEY (import_id) REFERENCES imports(id) ON DELETE CASCADE,
  constraint imported_rooms_pkey PRIMARY KEY (import_id, name)
);

create table imports (
  id integer generated always as identity not null,
  fingerprint text not null,
  tag text not null,
  bytes bigint default 0 not null,
  tail text default ''::text not null,
  lines bigint default 0 not null,
  rejected bigint default 0 not null,
  rejected_bytes bigint default 0 not null,
  started_at timestamp with time zone default now() not null,
  finished_at timestamp with time zone,
  constraint imports_pkey PRIMARY KEY (id)
);

create table kafka_commands (
  key text not null,
  id text not null,
  expires_at timestamp with time zone not null,
  begun_at timestamp with time zone default now() not null,
  done boolean default false not null,
  answer jsonb,
  constraint kafka_commands_pkey PRIMARY KEY (key, id)
);

create table kafka_offsets (
  topic text not null,
  partition integer not null,
  next bigint not null,
  constraint kafka_offsets_pkey PRIMARY KEY (topic, partition)
);

create table kafka_outbox (
  id bigint generated always as identity not null,
  topic text not null,
  key text not null,
  value jsonb,
  at timestamp with time zone default now() not null,
  place bigint,
  constraint kafka_outbox_pkey PRIMARY KEY (id),
  constraint kafka_outbox_place_key UNIQUE (place)
);

create table kafka_parts (
  part text not null,
  filled_at timestamp with time zone,
  acts_upto bigint default 0 not null,
  constraint kafka_parts_part_check CHECK ((part = ANY (ARRAY['public'::text, 'private'::text]))),
  constraint kafka_parts_pkey PRIMARY KEY (part)
);

create table kafka_published (
  room_id integer not null,
  seq bigint not null,
  constraint kafka_published_pkey PRIMARY KEY (room_id),
  constraint kafka_published_room_id_fkey FOREIGN KEY (room_id) REFERENCES rooms(id) ON DELETE CASCADE
);

create table mentions (
  user_id uuid not null,
  day date not null,
  room_id integer not null,
  seq bigint not null,
  at timestamp with time zone not null,
  constraint mentions_pkey PRIMARY KEY (room_id, seq, user_id)
);

create table messages (
  room_id integer not null,
  seq bigint not null,
  day date not null,
  time time(3) without time zone not null,
  kind text not null,
  user_id uuid,
  nickname text,
  client_id text,
  text text,
  deleted boolean default false not null,
  data jsonb,
  constraint messages_pkey PRIMARY KEY (room_id, seq, day)
) partition by RANGE (day);

create table migrations (
  number integer not null,
  name text not null,
  checksum text not null,
  applied_at timestamp with time zone default now() not null,
  constraint migrations_pkey PRIMARY KEY (number)
);

create table processes (
  id uuid not null,
  kind text not null,
  name text not null,
  machine text not null,
  address text default ''::text not null,
  pid integer not null,
  redis text not null,
  signing_keys text[] default '{}'::text[] not null,
  ready boolean default false not null,
  clients integer,
  alarm text,
  renewals bigint default 0 not null,
  started_at timestamp with time zone not null,
  renewed_at timestamp with time zone not null,
  constraint processes_kind_check CHECK ((kind = ANY (ARRAY['runner'::text, 'gateway'::text, 'worker'::text]))),
  constraint processes_pkey PRIMARY KEY (id)
);

create table push_pace (
  user_id uuid not null,
  next_at timestamp with time zone not null,
  constraint push_pace_pkey PRIMARY KEY (user_id)
);

create table push_queue (
  user_id uuid not null,
  room_id integer not null,
  seq bigint not null,
  day date not null,
  at timestamp with time zone not null,
  kind text not null,
  taken_at timestamp with time zone,
  constraint push_queue_pkey PRIMARY KEY (user_id, room_id, seq)
);

create table push_rooms (
  user_id uuid not null,
  room_id integer not null,
  seq bigint not null,
  day date not null,
  at timestamp with time zone not null,
  count integer not null,
  taken_at timestamp with time zone,
  constraint push_rooms_pkey PRIMARY KEY (user_id, room_id)
);

create table push_subscriptions (
  session_id uuid not null,
  user_id uuid not null,
  endpoint text not null,
  p256dh bytea not null,
  auth bytea not null,
  key text not null,
  hide_text boolean default false not null,
  ignored uuid[] default '{}'::uuid[] not null,
  failures integer default 0 not null,
  made_at timestamp with time zone default now() not null,
  language text,
  constraint push_subscriptions_auth_check CHECK ((octet_length(auth) = 16)),
  constraint push_subscriptions_endpoint_check CHECK ((length(endpoint) <= 1000)),
  constraint push_subscriptions_ignored_check CHECK ((cardinality(ignored) <= 100)),
  constraint push_subscriptions_language_check CHECK ((length(language) <= 8)),
  constraint push_subscriptions_p256dh_check CHECK ((octet_length(p256dh) = 65)),
  constraint push_subscriptions_pkey PRIMARY KEY (session_id),
  constraint push_subscriptions_session_id_fkey FOREIGN KEY (session_id) REFERENCES sessions(id) ON DELETE CASCADE
);

create table raids (
  id bigint generated always as identity not null,
  at timestamp with time zone default now() not null,
  by_user uuid not null,
  minutes integer,
  until timestamp with time zone,
  constraint raids_pkey PRIMARY KEY (id)
);

create table reactions (
  room_id integer not null,
  target bigint not null,
  emoji text not null,
  user_id uuid not null,
  seq bigint not null,
  day date not null,
  constraint reactions_pkey PRIMARY KEY (room_id, target, emoji, user_id)
);

create table read_positions (
  user_id uuid not null,
  room_id integer not null,
  seq bigint not null,
  constraint read_positions_pkey PRIMARY KEY (user_id, room_id),
  constraint read_positions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);

create table refresh_tokens (
  hash bytea not null,
  session_id uuid not null,
  created_at timestamp with time zone default now() not null,
  replaced_at timestamp with time zone,
  successor bytea,
  spent_at timestamp with time zone,
  constraint refresh_tokens_pkey PRIMARY KEY (hash),
  constraint refresh_tokens_session_id_fkey FOREIGN KEY (session_id) REFERENCES sessions(id) ON DELETE CASCADE
);

create table reports (
  id bigint generated always as identity not null,
  at timestamp with time zone default now() not null,
  room text not null,
  seq bigint not null,
  author uuid,
  reporter uuid not null,
  reason text not null,
  handled_at timestamp with time zone,
  handled_by uuid,
  text text,
  said_as text,
  said_at timestamp with time zone,
  constraint reports_pkey PRIMARY KEY (id),
  constraint reports_room_seq_reporter_key UNIQUE (room, seq, reporter)
);

create table room_days (
  room_id integer not null,
  day date not null,
  first_seq bigint not null,
  last_seq bigint not null,
  constraint room_days_pkey PRIMARY KEY (day, room_id)
);

create table room_epochs (
  room_id integer not null,
  base bigint not null,
  constraint room_epochs_pkey PRIMARY KEY (room_id, base),
  constraint room_epochs_room_id_fkey FOREIGN KEY (room_id) REFERENCES rooms(id) ON DELETE CASCADE
);

create table room_invitations (
  id bigint generated always as identity not null,
  room_id integer not null,
  hash bytea not null,
  created_by uuid not null,
  created_at timestamp with time zone default now() not null,
  expires_at timestamp with time zone not null,
  uses_left integer not null,
  constraint room_invitations_created_by_fkey FOREIGN KEY (created_by) REFERENCES users(id) ON DELETE CASCADE,
  constraint room_invitations_hash_key UNIQUE (hash),
  constraint room_invitations_pkey PRIMARY KEY (id),
  constraint room_invitations_room_id_fkey FOREIGN KEY (room_id) REFERENCES rooms(id) ON DELETE CASCADE,
  constraint room_invitations_uses_left_check CHECK ((uses_left >= 0))
);

create table room_levels (
  user_id uuid not null,
  room_id integer not null,
  level text not null,
  constraint room_levels_level_check CHECK ((level = ANY (ARRAY['all'::text, 'mentions'::text, 'none'::text]))),
  constraint room_levels_pkey PRIMARY KEY (user_id, room_id),
  constraint room_levels_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);

create table room_members (
  room_id integer not null,
  user_id uuid not null,
  role text default 'member'::text not null,
  joined_at timestamp with time zone default now() not null,
  constraint room_members_pkey PRIMARY KEY (room_id, user_id),
  constraint room_members_role_check CHECK ((role = ANY (ARRAY['owner'::text, 'moderator'::text, 'member'::text]))),
  constraint room_members_room_id_fkey FOREIGN KEY (room_id) REFERENCES rooms(id) ON DELETE CASCADE,
  constraint room_members_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);

create table rooms (
  id integer generated always as identity not null,
  name text not null,
  title text not null,
  slow_mode_ms integer default 0 not null,
  last_seq bigint default 0 not null,
  created_by uuid,
  created_at timestamp with time zone default now() not null,
  archived_at timestamp with time zone,
  history_hidden boolean default false not null,
  let_go_at timestamp with time zone,
  born_seq bigint default 0 not null,
  search_text text generated always as (search_fold(((name || '
'::text) || title))) stored,
  epoch_seq bigint,
  kind text default 'public'::text not null,
  members_version integer default 0 not null,
  pinned_seq bigint,
  pin_event bigint,
  constraint rooms_created_by_fkey FOREIGN KEY (created_by) REFERENCES users(id) ON DELETE SET NULL,
  constraint rooms_kind_check CHECK ((kind = ANY (ARRAY['public'::text, 'private'::text, 'direct'::text]))),
  constraint rooms_name_check CHECK ((name ~ '^[a-z0-9][a-z0-9-]{0,31}$'::text)),
  constraint rooms_name_key UNIQUE (name),
  constraint rooms_pkey PRIMARY KEY (id),
  constraint rooms_private_check CHECK (((kind = 'public'::text) OR ((archived_at IS NOT NULL) AND history_hidden AND (let_go_at IS NOT NULL) AND (name ~ '^[pd]-[a-z2-7]{26}$'::text)))),
  constraint rooms_slow_mode_ms_check CHECK ((slow_mode_ms >= 0))
);

create table sessions (
  id uuid not null,
  user_id uuid not null,
  ip inet,
  user_agent text default ''::text not null,
  created_at timestamp with time zone default now() not null,
  last_seen_at timestamp with time zone default now() not null,
  expires_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  family bytea,
  ended_why text,
  tokens_until timestamp with time zone,
  constraint sessions_pkey PRIMARY KEY (id),
  constraint sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);

create table unmapped_days (
  day date not null,
  constraint unmapped_days_pkey PRIMARY KEY (day)
);

create table users (
  id uuid not null,
  email text,
  email_key text,
  nickname text not null,
  nickname_key text,
  password_hash text,
  role text default 'user'::text not null,
  restricted_reason text,
  restricted_until timestamp with time zone,
  banned_until timestamp with time zone,
  created_at timestamp with time zone default now() not null,
  nickname_skeleton text,
  banned_reason text,
  closed_at timestamp with time zone,
  erased_at timestamp with time zone,
  version integer default 1 not null,
  restriction_version integer default 1 not null,
  changed_at timestamp with time zone,
  constraint users_email_key_key UNIQUE (email_key),
  constraint users_nickname_key_key UNIQUE (nickname_key),
  constraint users_nickname_skeleton_key UNIQUE (nickname_skeleton),
  constraint users_pkey PRIMARY KEY (id),
  constraint users_role_check CHECK ((role = ANY (ARRAY['user'::text, 'moderator'::text, 'admin'::text])))
);

create table visited_rooms (
  user_id uuid not null,
  room_id integer not null,
  visited_at timestamp with time zone default now() not null,
  constraint visited_rooms_pkey PRIMARY KEY (user_id, room_id),
  constraint visited_rooms_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);

CREATE INDEX connections_open ON public.connections USING btree (boot) WHERE (disconnected_at IS NULL);

CREATE INDEX connections_user ON public.connections USING btree (user_id, connected_at DESC);

CREATE INDEX dead_letters_seq_taken ON public.dead_letters USING btree (created_at) WHERE (reason = 'another event has its seq'::text);

CREATE INDEX deleted_rooms_left ON public.deleted_rooms USING btree (id) WHERE (emptied_at IS NULL);

CREATE INDEX deleted_rooms_name ON public.deleted_rooms USING btree (name, last_seq);

CREATE INDEX direct_lines_other ON public.direct_lines USING btree (other);

CREATE INDEX imported_rooms_number ON public.imported_rooms USING btree (room_id);

CREATE UNIQUE INDEX imported_rooms_reserved ON public.imported_rooms USING btree (name) WHERE (settled_at IS NULL);

CREATE INDEX imports_fingerprint ON public.imports USING btree (fingerprint);

CREATE INDEX kafka_commands_expiry ON public.kafka_commands USING btree (expires_at);

CREATE INDEX mentions_days ON public.mentions USING brin (day) WITH (pages_per_range='32', autosummarize='on');

CREATE INDEX mentions_newest ON public.mentions USING btree (user_id, at DESC, seq DESC);

CREATE INDEX push_queue_at ON public.push_queue USING btree (at);

CREATE INDEX push_queue_waiting ON public.push_queue USING btree (user_id) WHERE (taken_at IS NULL);

CREATE INDEX push_rooms_at ON public.push_rooms USING btree (at);

CREATE INDEX push_rooms_waiting ON public.push_rooms USING btree (user_id) WHERE (taken_at IS NULL);

CREATE INDEX push_subscriptions_user ON public.push_subscriptions USING btree (user_id);

CREATE INDEX reactions_day ON public.reactions USING btree (day);

CREATE INDEX read_positions_room ON public.read_positions USING btree (room_id);

CREATE INDEX refresh_tokens_session ON public.refresh_tokens USING btree (session_id);

CREATE INDEX refresh_tokens_spent ON public.refresh_tokens USING btree (spent_at) WHERE (spent_at IS NOT NULL);

CREATE INDEX reports_open ON public.reports USING btree (id) WHERE (handled_at IS NULL);

CREATE INDEX room_days_seqs ON public.room_days USING btree (room_id, last_seq, first_seq) INCLUDE (day);

CREATE INDEX room_invitations_expiry ON public.room_invitations USING btree (expires_at);

CREATE INDEX room_invitations_room ON public.room_invitations USING btree (room_id);

CREATE INDEX room_levels_room ON public.room_levels USING btree (room_id);

CREATE INDEX room_members_user ON public.room_members USING btree (user_id, room_id);

CREATE INDEX rooms_archived ON public.rooms USING btree (name) WHERE (archived_at IS NOT NULL);

CREATE INDEX rooms_made ON public.rooms USING btree (created_by) WHERE (archived_at IS NULL);

CREATE INDEX rooms_open ON public.rooms USING btree (name) WHERE (archived_at IS NULL);

CREATE INDEX rooms_search ON public.rooms USING gin (search_grams(search_text, 1)) WITH (fastupdate=off);

CREATE INDEX sessions_ended ON public.sessions USING btree (ended_at) WHERE (ended_at IS NOT NULL);

CREATE INDEX sessions_ended_tokens ON public.sessions USING btree (GREATEST(ended_at, tokens_until)) WHERE (ended_at IS NOT NULL);

CREATE INDEX sessions_expiry ON public.sessions USING btree (expires_at);

CREATE UNIQUE INDEX sessions_family ON public.sessions USING btree (family) WHERE (family IS NOT NULL);

CREATE INDEX sessions_user ON public.sessions USING btree (user_id);

CREATE INDEX users_banned ON public.users USING btree (banned_until) WHERE (banned_until IS NOT NULL);

CREATE INDEX users_changed ON public.users USING btree (changed_at) WHERE (changed_at IS NOT NULL);

CREATE INDEX users_closed ON public.users USING btree (closed_at) WHERE (closed_at IS NOT NULL);

CREATE INDEX users_restricted ON public.users USING btree (restricted_until) WHERE (restricted_until IS NOT NULL);

CREATE INDEX visited_rooms_newest ON public.visited_rooms USING btree (user_id, visited_at DESC);

CREATE INDEX visited_rooms_room ON public.visited_rooms USING btree (room_id);

CREATE OR REPLACE FUNCTION public.apply_reactions()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare on_day date;
begin
  if not exists (select from written where kind = 'reactions') then return null; end if;
  with latest as (
    select distinct on (event.room_id, target, emoji, person.user_id) event.room_id, event.seq, event.day, target, emoji, person.user_id, is_on
    from written event
      cross join lateral jsonb_array_elements(event.data -> 'changes') change
      cross join lateral (select (change ->> 'target')::bigint as target, change ->> 'emoji' as emoji) place
      cross join lateral (
        select value::uuid as user_id, true as is_on from jsonb_array_elements_text(change -> 'on')
        union all select value::uuid, false from jsonb_array_elements_text(change -> 'off')
      ) person
    where event.kind = 'reactions'
    order by event.room_id, target, emoji, person.user_id, event.seq desc
  ), removed as (
    delete from reactions using latest
    where not latest.is_on and reactions.room_id = latest.room_id and reactions.target = latest.target
      and reactions.emoji = latest.emoji and reactions.user_id = latest.user_id and reactions.seq < latest.seq
  )
  insert into reactions as kept (room_id, target, emoji, user_id, seq, day)
  select room_id, target, emoji, user_id, seq, day from latest where is_on
  on conflict (room_id, target, emoji, user_id) do update set seq = excluded.seq, day = excluded.day where kept.seq < excluded.seq;
  -- One day at a time and as a constant, so that only its partition is opened.
  for on_day in
    select day from room_days days
    where exists (
      select from written event cross join lateral jsonb_array_elements(event.data -> 'changes') change
      where event.kind = 'reactions' and event.room_id = days.room_id
        and (change ->> 'target')::bigint between days.first_seq and days.last_seq
    )
    union select day from unmapped_days
    union select day from written where deleted
  loop
    execute format(
      'delete from reactions
       where (room_id, target) in (
           select event.room_id, (change ->> ''target'')::bigint
           from written event cross join lateral jsonb_array_elements(event.data -> ''changes'') change where event.kind = ''reactions''
         )
         and exists (select from messages where day = %L and room_id = reactions.room_id and seq = reactions.target and deleted)', on_day
    );
  end loop;
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION public.begin_epoch(room text, known bigint)
 RETURNS bigint
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO '$user', 'public'
AS $function$
  update rooms
  set epoch_seq = case
    when epoch_seq is null and greatest(known, last_seq) = 0 then 0
    else greatest(coalesce(epoch_seq, 0), known, last_seq) + 2000000
  end
  where name = room returning epoch_seq
$function$;

CREATE OR REPLACE FUNCTION public.delete_room(room integer, highest bigint)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO '$user', 'public'
AS $function$
begin
  insert into deleted_rooms (id, name, last_seq)
  select id, name, greatest(last_seq, highest, epoch_seq) from rooms where id = room and name <> 'lobby';
  delete from rooms where id = room and name <> 'lobby';
end $function$;

CREATE OR REPLACE FUNCTION public.end_push_subscription()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO '$user', 'public'
AS $function$
begin
  delete from push_subscriptions where session_id = new.id;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.forget_mentions()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  delete from mentions using written
  where written.deleted and mentions.room_id = written.room_id and mentions.seq = written.seq;
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION public.kafka_act(act audit)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
AS $function$
  select jsonb_build_object(
    'id', act.id::text, 'at', floor(extract(epoch from act.at) * 1000)::bigint, 'act', act.act,
    'by', (select jsonb_build_object('id', id, 'nickname', nickname) from users where id = act.by_user),
    'user', (select jsonb_build_object('id', id, 'nickname', nickname) from users where id = act.user_id),
    'room', act.room, 'seq', act.seq, 'detail', coalesce(act.detail, '{}')
  )
$function$;

CREATE OR REPLACE FUNCTION public.kafka_act_recorded()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO '$user', 'public'
AS $function$
begin
  insert into kafka_outbox (topic, key, value) values (tg_argv[0] || 'audit', new.id, kafka_act(new));
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.kafka_messages_removed()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO '$user', 'public'
AS $function$
begin
  insert into kafka_outbox (topic, key)
  select tg_argv[0] || 'messages', concat(room.name, '/', gone.seq)
  from gone cross join lateral (
    select name from deleted_rooms where id = gone.room_id union all select name from rooms where id = gone.room_id limit 1
  ) room
  where gone.kind = 'message' and (room.name ~ '^[pd]-[a-z2-7]{26}$') = (tg_argv[0] = 'private.');
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.kafka_room(room rooms)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
AS $function$
  select jsonb_strip_nulls(jsonb_build_object(
    'name', room.name, 'title', room.title, 'slowModeMs', room.slow_mode_ms,
    'createdAt', floor(extract(epoch from room.created_at) * 1000)::bigint,
    'kind', nullif(room.kind, 'public'),
    'archived', case when room.kind = 'public' and room.archived_at is not null then
      case when room.history_hidden then 'hidden' else 'shown' end
    end,
    'pinned', room.pinned_seq
  ))
$function$;

CREATE OR REPLACE FUNCTION public.kafka_room_changed()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO '$user', 'public'
AS $function$
begin
  insert into kafka_outbox (topic, key, value)
  values (tg_argv[0] || 'rooms', coalesce(new.name, old.name), case when tg_op <> 'DELETE' then kafka_room(new) end);
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.kafka_user(person users)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
AS $function$
  select case when person.closed_at is null then
    jsonb_build_object('id', person.id, 'nickname', person.nickname, 'role', person.role)
  end
$function$;

CREATE OR REPLACE FUNCTION public.kafka_user_changed()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO '$user', 'public'
AS $function$
begin
  insert into kafka_outbox (topic, key, value) values ('users', coalesce(new.id, old.id), kafka_user(new));
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.leave_room(room integer, leaver uuid)
 RETURNS integer
 LANGUAGE plpgsql
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION public.map_days()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into room_days as map (room_id, day, first_seq, last_seq)
  select room_id, day, min(seq), max(seq) from written group by room_id, day order by room_id, day
  on conflict (day, room_id) do update
    set first_seq = least(map.first_seq, excluded.first_seq), last_seq = greatest(map.last_seq, excluded.last_seq)
    where excluded.first_seq < map.first_seq or excluded.last_seq > map.last_seq;
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION public.message_words(room integer, said text)
 RETURNS text[]
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE COST 2000
AS $function$
declare
  words text[] := array['room ' || room];
  word text;
begin
  foreach word in array string_to_array(coalesce(translate(lower(said), E'\n\t', '  '), ''), ' ') loop
    for place in 1 .. length(word) - 1 loop
      words := words || substr(word, place, 2);
    end loop;
  end loop;
  return words;
end $function$;

CREATE OR REPLACE FUNCTION public.note_epoch()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO '$user', 'public'
AS $function$
begin
  insert into room_epochs (room_id, base) values (new.id, new.epoch_seq) on conflict do nothing;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.note_mentions()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into mentions (user_id, day, room_id, seq, at)
  select distinct who::uuid, day, room_id, seq, (day + time) at time zone 'UTC'
  from written cross join lateral (
    select jsonb_array_elements(case jsonb_typeof(data -> 'mentions') when 'array' then data -> 'mentions' else '[]' end) ->> 'id'
    union all select data #>> '{reply,user}'
  ) named (who)
  where data ?| array['mentions', 'reply'] and kind = 'message' and not deleted
    and who ~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' and who is distinct from user_id::text
  on conflict do nothing;
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION public.note_pins()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  pin record;
  on_day date;
begin
  if not exists (select from written where kind = 'notice' and data ->> 'code' in ('pinned', 'unpinned')) then return null; end if;
  update rooms set pinned_seq = latest.target, pin_event = latest.seq
  from (
    select distinct on (room_id) room_id, seq,
      case when data ->> 'code' = 'pinned' and jsonb_typeof(data -> 'target') = 'number' then (data ->> 'target')::bigint end as target
    from written where kind = 'notice' and data ->> 'code' in ('pinned', 'unpinned')
    order by room_id, seq desc
  ) latest
  where rooms.id = latest.room_id and coalesce(rooms.pin_event, 0) < latest.seq;
  for pin in
    select id, pinned_seq as seq from rooms
    where pinned_seq is not null
      and id in (select room_id from written where kind = 'notice' and data ->> 'code' = 'pinned')
  loop
    update rooms set pinned_seq = null
    where id = pin.id and exists (select from written where room_id = pin.id and seq = pin.seq and deleted);
    -- One day at a time, so that only its partition is opened.
    for on_day in
      select day from room_days where room_id = pin.id and first_seq <= pin.seq and last_seq >= pin.seq
      union select day from unmapped_days
    loop
      execute format(
        'update rooms set pinned_seq = null where id = $1
           and exists (select from messages where day = %L and room_id = $1 and seq = $2 and deleted)', on_day
      ) using pin.id, pin.seq;
    end loop;
  end loop;
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION public.raise_user_version()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  new.version := old.version + 1;
  new.changed_at := now();
  if (new.restricted_reason, new.restricted_until) is distinct from (old.restricted_reason, old.restricted_until) then
    new.restriction_version := new.version;
  end if;
  return new;
end
$function$;

CREATE OR REPLACE FUNCTION public.remove_pins()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if not exists (select from changed where deleted) then return null; end if;
  update rooms set pinned_seq = null from changed
  where changed.deleted and rooms.id = changed.room_id and rooms.pinned_seq = changed.seq;
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION public.remove_reactions()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  delete from reactions using changed
  where changed.deleted and reactions.room_id = changed.room_id and reactions.target = changed.seq;
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION public.room_born()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO '$user', 'public'
AS $function$
begin
  if exists (select from imported_rooms where name = new.name and not existed and settled_at is null) then
    return null;
  end if;
  select coalesce(max(last_seq) + 1000000, 0) into new.born_seq from deleted_rooms where name = new.name;
  new.last_seq := greatest(new.last_seq, new.born_seq);
  return new;
end $function$;

CREATE OR REPLACE FUNCTION public.search_fold(given text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$ select lower(normalize(given, nfkc)) $function$;

CREATE OR REPLACE FUNCTION public.search_grams(given text, shortest integer)
 RETURNS text[]
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE COST 2000
AS $function$
  select coalesce(array_agg(distinct substr(given, start, size)), '{}')
  from generate_series(1, length(given)) start, generate_series(shortest, 3) size
  where start + size - 1 <= length(given)
$function$;

CREATE TRIGGER apply_reactions AFTER INSERT ON public.messages REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION apply_reactions();

CREATE TRIGGER forget_mentions AFTER UPDATE ON public.messages REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION forget_mentions();

CREATE TRIGGER map_days AFTER INSERT ON public.messages REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION map_days();

CREATE TRIGGER note_mentions AFTER INSERT ON public.messages REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION note_mentions();

CREATE TRIGGER note_pins AFTER INSERT ON public.messages REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION note_pins();

CREATE TRIGGER remove_pins AFTER UPDATE ON public.messages REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION remove_pins();

CREATE TRIGGER remove_reactions AFTER UPDATE ON public.messages REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION remove_reactions();

CREATE TRIGGER note_epoch AFTER INSERT OR UPDATE OF epoch_seq ON public.rooms FOR EACH ROW WHEN ((new.epoch_seq > 0)) EXECUTE FUNCTION note_epoch();

CREATE TRIGGER room_born BEFORE INSERT ON public.rooms FOR EACH ROW EXECUTE FUNCTION room_born();

CREATE TRIGGER end_push_subscription AFTER UPDATE OF ended_at ON public.sessions FOR EACH ROW WHEN ((new.ended_at IS NOT NULL)) EXECUTE FUNCTION end_push_subscription();

CREATE TRIGGER users_version BEFORE UPDATE ON public.users FOR EACH ROW WHEN ((((((((old.nickname IS DISTINCT FROM new.nickname) OR (old.role IS DISTINCT FROM new.role)) OR (old.restricted_reason IS DISTINCT FROM new.restricted_reason)) OR (old.restricted_until IS DISTINCT FROM new.restricted_until)) OR (old.banned_reason IS DISTINCT FROM new.banned_reason)) OR (old.banned_until IS DISTINCT FROM new.banned_until)) OR (old.closed_at IS DISTINCT FROM new.closed_at))) EXECUTE FUNCTION raise_user_version();
