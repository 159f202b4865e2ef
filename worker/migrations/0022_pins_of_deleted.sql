-- A room's pin ends with its message, however the message is blanked and whichever of the two was written first. `pin_event` stays, so
-- that a notice which is written again does not bring the pin back.
create function remove_pins() returns trigger language plpgsql as $$
begin
  if not exists (select from changed where deleted) then return null; end if;
  update rooms set pinned_seq = null from changed
  where changed.deleted and rooms.id = changed.room_id and rooms.pinned_seq = changed.seq;
  return null;
end
$$;
create trigger remove_pins after update on messages
  referencing new table as changed for each statement execute function remove_pins();
