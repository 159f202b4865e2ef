-- What a report is about, as it was when it was made: a moderator sees it though its author deletes it. Gone again once
-- the report is seen to, or the message is past its retention.
alter table reports
  add column text text,
  -- the nickname under which it was said
  add column said_as text,
  add column said_at timestamptz;
