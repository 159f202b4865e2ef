#!lua flags=allow-oom
-- Notes that PostgreSQL has a room's events up to a seq: raises `stored`, trims the log, clears or renews the mark.
-- Runs in a full Redis too, since it makes room. Safe to repeat and to race: `stored` never falls.
-- KEYS room, log, dirty, tombstones
-- ARGV room name, seq up to which PostgreSQL has everything, newest entries to keep
-- Returns stored as it is now, or -1 without a room (an emptied Redis: restore reads PostgreSQL instead).
local room, log, dirty, tombstones = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local name, given, keep = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local text = function(number) return string.format('%.0f', number) end

local state = redis.call('HMGET', room, 'stored', 'seq', 'base', 'prevUpTo')
if not state[1] then return -1 end
local stored, seq, base = tonumber(state[1]), tonumber(state[2]), tonumber(state[3])
if given > stored then
  stored = given
  redis.call('HSET', room, 'stored', text(stored))
end

-- Never too few: what lies above `stored` counted in seqs, a jump between epochs counting as events.
local pending = seq - stored
if stored < base then pending = seq - base + math.max(0, tonumber(state[4]) - stored) end
local newest = redis.call('XREVRANGE', log, '+', '-', 'COUNT', 1)[1]
if not newest or tonumber(string.match(newest[1], '^%d+')) <= stored then pending = 0 end
if redis.call('XTRIM', log, 'MAXLEN', math.max(keep, pending)) > 0 then
  local oldest = redis.call('XRANGE', log, '-', '+', 'COUNT', 1)[1]
  redis.call('HSET', room, 'floor', string.match(oldest[1], '^%d+'))
end

-- A tombstone is kept while its place is in the log, or until PostgreSQL has the deletion.
local floor = redis.call('HGET', room, 'floor')
for _, old in ipairs(redis.call('ZRANGEBYSCORE', tombstones, '-inf', '(' .. floor)) do
  if tonumber(string.match(old, '^%d+')) <= stored then redis.call('ZREM', tombstones, old) end
end

if pending <= 0 then
  redis.call('HDEL', dirty, name, 'n:' .. name)
else
  local time = redis.call('TIME')
  redis.call('HSET', dirty, name, text(time[1] * 1000 + math.floor(time[2] / 1000)), 'n:' .. name, text(pending))
end
return stored
