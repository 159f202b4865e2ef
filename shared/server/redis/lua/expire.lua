#!lua flags=allow-oom
-- Removes stored events past their retention from a room's log, in pieces. `floor` moves above them, and `expired` becomes the
-- seq up to which no older events exist anywhere. Safe to repeat and to race.
-- KEYS room, log, tombstones
-- ARGV time in ms before which events are past their retention, max entries to check
-- Returns {1 if events were removed, 1 if expired events are left: beyond this piece, or not stored yet}.
local room, log, tombstones = KEYS[1], KEYS[2], KEYS[3]
local from, max = tonumber(ARGV[1]), tonumber(ARGV[2])
local text = function(number) return string.format('%.0f', number) end

local state = redis.call('HMGET', room, 'stored', 'floor', 'expired')
if not state[1] then return {0, 0} end
local stored, floor, expired = tonumber(state[1]), tonumber(state[2]), tonumber(state[3] or 0)

-- Returns nil for an event without a time: a bare tombstone is removed together with its neighbours.
local function is_past(event)
  local at = tonumber(string.match(event, '"at":(%d+)'))
  if at then return at < from end
end

local last, left = 0, 0
local function look(seq, event)
  local past = is_past(event)
  if past == false then return false end
  if past and seq > stored then
    left = 1
    return false
  end
  if past then last = math.max(last, seq) end
  return true
end

local entries = redis.call('XRANGE', log, '-', '+', 'COUNT', max)
local all = #entries < max
for _, entry in ipairs(entries) do
  if not look(tonumber(string.match(entry[1], '^%d+')), entry[2][2]) then
    all = true
    break
  end
end
local dead = redis.call('ZRANGEBYSCORE', tombstones, '-inf', '+inf', 'WITHSCORES', 'LIMIT', 0, max)
for i = 1, #dead, 2 do
  if not look(tonumber(dead[i + 1]), dead[i]) then break end
end
if not all then left = 1 end
if last == 0 then return {0, left} end

redis.call('XTRIM', log, 'MINID', text(last + 1) .. '-0')
redis.call('HSET', room, 'floor', text(math.max(floor, last + 1)), 'expired', text(math.max(expired, last)))
for i = 1, #dead, 2 do
  -- A tombstone stays until PostgreSQL has its deletion, because it hides the text there.
  local of = tonumber(string.match(dead[i], '^%d+'))
  if tonumber(dead[i + 1]) <= last and of <= stored then redis.call('ZREM', tombstones, dead[i]) end
end
return {1, left}
