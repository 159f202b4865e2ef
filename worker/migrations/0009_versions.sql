-- What Redis and the gateways remember of a user carries the version of its row: of two answers the newer one counts.
-- A trigger raises it, so that every writer does, those of an older release and a person at a prompt included.
alter table users
  add column version integer not null default 1,
  -- the version in which the restriction last changed: a mute of the spam rule that comes late does not undo a moderator's act
  add column restriction_version integer not null default 1,
  -- when name, role, restriction or ban last changed
  add column changed_at timestamptz;
create index users_changed on users (changed_at) where changed_at is not null;

create function raise_user_version() returns trigger language plpgsql as $$
begin
  new.version := old.version + 1;
  new.changed_at := now();
  if (new.restricted_reason, new.restricted_until) is distinct from (old.restricted_reason, old.restricted_until) then
    new.restriction_version := new.version;
  end if;
  return new;
end
$$;
create trigger users_version before update on users for each row
when (
  (old.nickname, old.role, old.restricted_reason, old.restricted_until, old.banned_reason, old.banned_until, old.closed_at)
  is distinct from
  (new.nickname, new.role, new.restricted_reason, new.restricted_until, new.banned_reason, new.banned_until, new.closed_at)
)
execute function raise_user_version();
