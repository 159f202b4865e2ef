#!lua
-- Renews a gateway boot's lease on one shard, takes in what changed there, drops boots whose lease lapsed, counts people.
-- A boot that is late itself, or repeats a tick, renews and judges nobody; one that was dropped, or whose last tick was
-- lost with the end of the append-only file, is told to register with everything it has.
-- KEYS leases (a sorted set: boot -> end), ticks, clock; then prefixes of keys: rooms of a boot, users held by it, people in a
--      room, counts of a room
-- ARGV boot, lease in ms, number of this tick (1 registers with everything), then for each room: name, guests, connections,
--      number of users added, the users, number removed, the users
-- Returns nil when the boot must register, else {people, connections} for each room given.
local leases = KEYS[1]
local boot, lease_ms, tick = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local ticks, clock = KEYS[2], KEYS[3]
local rooms_of = function(b) return KEYS[4] .. b end
local held_by = function(b, room) return KEYS[5] .. b .. ':' .. room end
local people_in = function(room) return KEYS[6] .. room end
local counts_of = function(room) return KEYS[7] .. room end

local function add(room, b, user)
  if redis.call('SADD', held_by(b, room), user) == 1 then redis.call('HINCRBY', people_in(room), user, 1) end
end
local function remove(room, user)
  if redis.call('HINCRBY', people_in(room), user, -1) <= 0 then redis.call('HDEL', people_in(room), user) end
end
local function share(room, b, guests, connections)
  local counts = counts_of(room)
  redis.call('HSET', counts, 'g:' .. b, guests, 'c:' .. b, connections)
  if connections == '0' then redis.call('HDEL', counts, 'g:' .. b, 'c:' .. b) end
end
local function drop(b)
  for _, room in ipairs(redis.call('SMEMBERS', rooms_of(b))) do
    for _, user in ipairs(redis.call('SMEMBERS', held_by(b, room))) do remove(room, user) end
    redis.call('DEL', held_by(b, room))
    share(room, b, '0', '0')
  end
  redis.call('DEL', rooms_of(b))
  redis.call('ZREM', leases, b)
  redis.call('HDEL', ticks, b)
end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local last = tonumber(redis.call('HGET', clock, 'last') or now)
local now_text = string.format('%.0f', now)
-- No gateway came for a minute, or the clock was set.
if math.abs(now - last) > 60000 then redis.call('HSET', clock, 'jumped', now_text) end
redis.call('HSET', clock, 'last', now_text)
local mine = tonumber(redis.call('ZSCORE', leases, boot) or 0)
local known = tonumber(redis.call('HGET', ticks, boot) or 0)
-- The same number again: the answer was lost, not the tick.
if tick == 1 then drop(boot) elseif mine == 0 or known < tick - 1 then return false end
redis.call('ZADD', leases, now + lease_ms, boot)
redis.call('HSET', ticks, boot, tick)
-- A repeated tick may lie right behind the late one that renewed: the ticks of the others are still unread then.
if mine > now and known == tick - 1 then
  for _, lapsed in ipairs(redis.call('ZRANGEBYSCORE', leases, '-inf', now, 'LIMIT', 0, 4)) do drop(lapsed) end
end

local answer = {}
local i = 4
while i <= #ARGV do
  local room, guests, connections = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  local added = tonumber(ARGV[i + 3])
  for n = 1, added do add(room, boot, ARGV[i + 3 + n]) end
  i = i + 4 + added
  local removed = tonumber(ARGV[i])
  for n = 1, removed do
    if redis.call('SREM', held_by(boot, room), ARGV[i + n]) == 1 then remove(room, ARGV[i + n]) end
  end
  i = i + 1 + removed
  share(room, boot, guests, connections)
  if connections == '0' then redis.call('SREM', rooms_of(boot), room) else redis.call('SADD', rooms_of(boot), room) end

  local people, all = redis.call('HLEN', people_in(room)), 0
  local counts = redis.call('HGETALL', counts_of(room))
  for n = 1, #counts, 2 do
    if string.sub(counts[n], 1, 2) == 'g:' then people = people + counts[n + 1] else all = all + counts[n + 1] end
  end
  answer[#answer + 1] = {people, all}
end
return answer
