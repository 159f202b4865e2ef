-- Looks into a user's last messages: a list, newest first, of `time fingerprint room client-id text`.
-- Reads the locals now (Redis' clock in ms), counted_ms and window_ms.

-- The bytes of a user's last client ids, newest first, computed again from the messages.
local function marks_of(recent)
  local marks = ''
  for _, entry in ipairs(redis.call('LRANGE', recent, 0, -1)) do
    local first = string.sub(redis.sha1hex(string.match(entry, '^%d+ %x+ %S+ (%S+)') or ''), 1, 2)
    marks = marks .. string.char(tonumber(first, 16))
  end
  return marks
end

-- Whether a message is among the last ones. The mark of an entry has the same place as the entry, so only entries of that mark are read.
-- @param named ' room client-id '
local function was_counted(recent, marks, mark, named)
  local place = string.find(marks, mark, 1, true)
  while place do
    local entry = redis.call('LRANGE', recent, place - 1, place - 1)[1] or ''
    local _, last, at = string.find(entry, '^(%d+) %x+')
    if at and string.sub(entry, last + 1, last + #named) == named and now - tonumber(at) < counted_ms then return true end
    place = string.find(marks, mark, place + 1, true)
  end
  return false
end

-- How many of the newest messages read like this one.
local function count_alike(newest, fingerprint)
  local alike = 0
  for _, entry in ipairs(newest) do
    local at, other = string.match(entry, '^(%d+) (%x+) ')
    if other == fingerprint and now - tonumber(at) <= window_ms then alike = alike + 1 end
  end
  return alike
end

-- Notes the room of the newest message when the next one goes to another room. Bounded by time and number, for a user who goes through many.
local function note_room(rooms, newest, room)
  local at, before = string.match(newest or '', '^(%d+) %x+ (%S+) ')
  if not at or before == room then return end
  redis.call('ZADD', rooms, at, before)
  redis.call('ZREMRANGEBYSCORE', rooms, '-inf', string.format('%.0f', now - 3600000))
  redis.call('ZREMRANGEBYRANK', rooms, 0, -101)
  redis.call('PEXPIRE', rooms, 3600000)
end
