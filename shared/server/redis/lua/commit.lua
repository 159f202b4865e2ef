#!lua flags=allow-oom
-- Records that PostgreSQL has a room's events up to a seq: raises `stored`, trims the log, clears or renews the dirty entry.
-- Allowed when Redis is out of memory, because it frees memory. Safe to repeat and to race, because `stored` never falls.
-- KEYS room, log, dirty, tombstones, long
-- ARGV room name, seq up to which PostgreSQL has everything (0: only trims), min entries to keep; in a busy room also the max
--      age in ms and the max bytes of the entries to keep
-- Returns the current `stored`, or -1 without a room (Redis was emptied, and a restore will read PostgreSQL instead).
local room, log, dirty, tombstones, long = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local name, given, keep, keep_ms, keep_bytes = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local text = function(number) return string.format('%.0f', number) end
local seq_of = function(entry) return tonumber(string.match(entry[1], '^%d+')) end
-- The sizes of SAMPLES events are an estimate for all; ENTRY_BYTES is the overhead of an entry.
local SAMPLES, ENTRY_BYTES = 16, 32

local state = redis.call('HMGET', room, 'stored', 'seq', 'base', 'prevUpTo', 'floor', 'at')
if not state[1] then
  redis.call('HDEL', long, name)
  return -1
end
-- A room that left (leave.lua) has nothing to store or to trim.
if not state[3] then
  redis.call('HDEL', long, name)
  return tonumber(state[1])
end
local stored, seq, base, floor = tonumber(state[1]), tonumber(state[2]), tonumber(state[3]), tonumber(state[5])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local raised = given > stored
if raised then
  stored = given
  redis.call('HSET', room, 'stored', text(stored))
end

-- The number of events above a seq; never too low, because a gap of seqs between epochs counts as events.
local function above(low)
  if low >= base then return seq - low end
  return seq - base + math.max(0, tonumber(state[4] or 0) - low)
end
local entry_from = function(low) return redis.call('XRANGE', log, text(low) .. '-0', '+', 'COUNT', 1)[1] end

-- The number of events within `keep_ms`. A binary search, because `at` never decreases from event to event.
local function recent()
  local since = math.max(now, tonumber(state[6] or 0)) - keep_ms
  local low, high = floor, seq + 1
  while low < high do
    local middle = math.floor((low + high) / 2)
    local entry = entry_from(middle)
    local young = not entry or tonumber(string.match(entry[2][2], '"at":(%d+)') or 0) > since
    if young then high = middle else low = seq_of(entry) + 1 end
  end
  return above(low - 1)
end

-- The number of newest events that fit into `keep_bytes`, estimated by the size of some of them.
local function affordable(count)
  local bytes, looked = 0, 0
  for i = 0, SAMPLES - 1 do
    local entry = entry_from(math.max(floor, seq - math.floor(count * i / SAMPLES)))
    if entry then bytes, looked = bytes + #entry[2][1] + #entry[2][2] + ENTRY_BYTES, looked + 1 end
  end
  if looked == 0 then return count end
  return math.floor(keep_bytes * looked / bytes)
end

local pending = above(stored)
local newest = redis.call('XREVRANGE', log, '+', '-', 'COUNT', 1)[1]
if not newest or seq_of(newest) <= stored then pending = 0 end
local busy = above(floor - 1) > keep and recent() or 0
if busy > keep then busy = math.min(busy, affordable(busy)) end
if redis.call('XTRIM', log, 'MAXLEN', math.max(keep, pending, busy)) > 0 then
  floor = seq_of(redis.call('XRANGE', log, '-', '+', 'COUNT', 1)[1])
  redis.call('HSET', room, 'floor', text(floor))
end
if busy > keep then redis.call('HSET', long, name, text(now)) else redis.call('HDEL', long, name) end

-- A tombstone is kept while its seq is in the log, and until PostgreSQL has the deletion.
for _, old in ipairs(redis.call('ZRANGEBYSCORE', tombstones, '-inf', '(' .. text(floor))) do
  if tonumber(string.match(old, '^%d+')) <= stored then redis.call('ZREM', tombstones, old) end
end

if pending <= 0 then
  redis.call('HDEL', dirty, name, 'n:' .. name)
else
  redis.call('HSET', dirty, 'n:' .. name, text(pending))
  -- Without a raise there was no progress, so the age of the oldest pending event stays.
  redis.call(raised and 'HSET' or 'HSETNX', dirty, name, text(now))
end
return stored
