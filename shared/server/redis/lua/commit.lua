#!lua flags=allow-oom
-- Records that PostgreSQL has the events of rooms up to a seq: raises `stored`, trims the log, clears or renews the dirty entry. A failure of
-- one room is its own.
-- Allowed when Redis is out of memory, because it frees memory. Safe to repeat and to race, because `stored` never falls.
-- KEYS for each room: room, log, dirty, tombstones, long
-- ARGV min entries to keep; in a busy room also the max age in ms and the max bytes of the entries to keep; then for each room: name, seq
--      up to which PostgreSQL has everything (0: only trims)
-- Returns for each room {its current `stored`}; {-1} without a room (Redis was emptied, and a restore will read PostgreSQL instead);
-- {error} if Redis refused a command.
local KEYS_EACH, ARGS_EACH, SHARED = 5, 2, 3
local keep, keep_ms, keep_bytes = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local text = function(number) return string.format('%.0f', number) end
local seq_of = function(entry) return tonumber(string.match(entry[1], '^%d+')) end
-- The sizes of SAMPLES events are an estimate for all; ENTRY_BYTES is the overhead of an entry.
local SAMPLES, ENTRY_BYTES, MEASURE_MS = 16, 32, 2000
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

-- The number of events of a room above a seq; never too low, because a gap of seqs between epochs counts as events.
local function above(room, low)
  if low >= room.base then return room.seq - low end
  return room.seq - room.base + math.max(0, room.prev_up_to - low)
end
local function entry_from(room, low) return redis.call('XRANGE', room.log, text(low) .. '-0', '+', 'COUNT', 1)[1] end

-- The number of events within `keep_ms`. A binary search, because `at` never decreases from event to event.
local function recent(room)
  local since = math.max(now, room.at) - keep_ms
  local low, high = room.floor, room.seq + 1
  while low < high do
    local middle = math.floor((low + high) / 2)
    local entry = entry_from(room, middle)
    local young = not entry or tonumber(string.match(entry[2][2], '"at":(%d+)') or 0) > since
    if young then high = middle else low = seq_of(entry) + 1 end
  end
  return above(room, low - 1)
end

-- The number of newest events that fit into `keep_bytes`, estimated by the size of some of them.
local function affordable(room, count)
  local bytes, looked = 0, 0
  for i = 0, SAMPLES - 1 do
    local entry = entry_from(room, math.max(room.floor, room.seq - math.floor(count * i / SAMPLES)))
    if entry then bytes, looked = bytes + #entry[2][1] + #entry[2][2] + ENTRY_BYTES, looked + 1 end
  end
  if looked == 0 then return count end
  return math.floor(keep_bytes * looked / bytes)
end

-- Trims the log, and notes whether it is a long one.
local function trim(room, pending, long)
  local busy = above(room, room.floor - 1) > keep and recent(room) or 0
  if busy > keep then busy = math.min(busy, affordable(room, busy)) end
  if redis.call('XTRIM', room.log, 'MAXLEN', math.max(keep, pending, busy)) > 0 then
    room.floor = seq_of(redis.call('XRANGE', room.log, '-', '+', 'COUNT', 1)[1])
    redis.call('HSET', room.key, 'floor', text(room.floor))
  end
  if busy > keep then redis.call('HSET', long, room.name, text(now)) else redis.call('HDEL', long, room.name) end
end

-- @param k and a: places before the keys and the arguments of the room.
local function commit(k, a)
  local dirty, tombstones, long = KEYS[k + 3], KEYS[k + 4], KEYS[k + 5]
  local name, given = ARGV[a + 1], tonumber(ARGV[a + 2])
  local state = redis.call('HMGET', KEYS[k + 1], 'stored', 'seq', 'base', 'prevUpTo', 'floor', 'at', 'removals')
  local stored = tonumber(state[1] or -1)
  -- Without a room, and in one that left (leave.lua), there is nothing to store or to trim.
  if not state[1] or not state[3] then
    redis.call('HDEL', long, name)
    return {stored}
  end
  local room = {
    key = KEYS[k + 1], log = KEYS[k + 2], name = name, seq = tonumber(state[2]), base = tonumber(state[3]),
    prev_up_to = tonumber(state[4] or 0), floor = tonumber(state[5]), at = tonumber(state[6] or 0),
  }
  local raised = given > stored
  if raised then
    stored = given
    redis.call('HSET', room.key, 'stored', text(stored))
  end

  local pending = above(room, stored)
  local newest = redis.call('XREVRANGE', room.log, '+', '-', 'COUNT', 1)[1]
  if not newest or seq_of(newest) <= stored then pending = 0 end
  -- A busy room was measured lately: its log may be longer for MEASURE_MS, because measuring it reads some thirty entries.
  local measured = given > 0 and tonumber(redis.call('HGET', long, name)) or 0
  if math.abs(now - measured) >= MEASURE_MS then trim(room, pending, long) end

  -- A tombstone is kept while its seq is in the log, and until PostgreSQL has the deletion.
  for _, old in ipairs(redis.call('ZRANGEBYSCORE', tombstones, '-inf', '(' .. text(room.floor))) do
    if tonumber(string.match(old, '^%d+')) <= stored then redis.call('ZREM', tombstones, old) end
  end

  -- So is the note of a removal (include/remove-messages.lua).
  if state[7] then
    local left = string.gsub(state[7], '(%d+) [^;]*;', function(seq) if tonumber(seq) <= stored then return '' end end)
    if left == '' then redis.call('HDEL', room.key, 'removals') else redis.call('HSET', room.key, 'removals', left) end
  end

  if pending <= 0 then
    redis.call('HDEL', dirty, name, 'n:' .. name)
  else
    redis.call('HSET', dirty, 'n:' .. name, text(pending))
    -- Without a raise there was no progress, so the age of the oldest pending event stays.
    redis.call(raised and 'HSET' or 'HSETNX', dirty, name, text(now))
  end
  return {stored}
end

local replies = {}
for i = 0, #KEYS / KEYS_EACH - 1 do
  local ok, reply = pcall(commit, i * KEYS_EACH, SHARED + i * ARGS_EACH)
  replies[i + 1] = ok and reply or {type(reply) == 'table' and reply.err or tostring(reply)}
end
return replies
