#!lua
-- Renews the lease of a node instance (one run of a gateway) on one shard, applies its changes there, drops instances whose lease
-- lapsed, and counts people. An instance whose own lease had expired, or that retries a renewal, drops nobody. An instance that
-- was dropped, or whose last renewal was lost with the end of the append-only file, must register again with all it has.
-- KEYS leases (a sorted set: instance -> end), renewals, clock; then prefixes of keys: rooms of an instance, users held by it,
--      people in a room, counts of a room
-- ARGV instance, lease in ms, number of this renewal (1: a registration), then for each room: name, guests, connections,
--      number of users added, the users, number removed, the users
-- Returns nil if the instance must register, otherwise {people, connections} for each given room.
local leases = KEYS[1]
local instance, lease_ms, renewal = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local renewals, clock = KEYS[2], KEYS[3]
local rooms_of = function(id) return KEYS[4] .. id end
local held_by = function(id, room) return KEYS[5] .. id .. ':' .. room end
local people_in = function(room) return KEYS[6] .. room end
local counts_of = function(room) return KEYS[7] .. room end

local function add(room, id, user)
  if redis.call('SADD', held_by(id, room), user) == 1 then redis.call('HINCRBY', people_in(room), user, 1) end
end
local function remove(room, user)
  if redis.call('HINCRBY', people_in(room), user, -1) <= 0 then redis.call('HDEL', people_in(room), user) end
end
local function contribute(room, id, guests, connections)
  local counts = counts_of(room)
  redis.call('HSET', counts, 'g:' .. id, guests, 'c:' .. id, connections)
  if connections == '0' then redis.call('HDEL', counts, 'g:' .. id, 'c:' .. id) end
end
local function drop(id)
  for _, room in ipairs(redis.call('SMEMBERS', rooms_of(id))) do
    for _, user in ipairs(redis.call('SMEMBERS', held_by(id, room))) do remove(room, user) end
    redis.call('DEL', held_by(id, room))
    contribute(room, id, '0', '0')
  end
  redis.call('DEL', rooms_of(id))
  redis.call('ZREM', leases, id)
  redis.call('HDEL', renewals, id)
end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local lease_end = tonumber(redis.call('ZSCORE', leases, instance) or 0)
-- Gateways of this release mark their renewals.
local known = tonumber(string.match(redis.call('HGET', renewals, instance) or '', '^%d+') or 0)
-- include: note-clock
-- The same number again is a retry: the answer was lost, not the renewal.
if renewal == 1 then drop(instance) elseif lease_end == 0 or known < renewal - 1 then return false end
redis.call('ZADD', leases, now + lease_ms, instance)
redis.call('HSET', renewals, instance, renewal .. 'n')
-- A retry may directly follow the late renewal, before the waiting renewals of other instances are processed; it drops nobody.
if lease_end > now and known == renewal - 1 then
  for _, lapsed in ipairs(redis.call('ZRANGEBYSCORE', leases, '-inf', now, 'LIMIT', 0, 4)) do drop(lapsed) end
end

local answer = {}
local i = 4
while i <= #ARGV do
  local room, guests, connections = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  local added = tonumber(ARGV[i + 3])
  for n = 1, added do add(room, instance, ARGV[i + 3 + n]) end
  i = i + 4 + added
  local removed = tonumber(ARGV[i])
  for n = 1, removed do
    if redis.call('SREM', held_by(instance, room), ARGV[i + n]) == 1 then remove(room, ARGV[i + n]) end
  end
  i = i + 1 + removed
  contribute(room, instance, guests, connections)
  if connections == '0' then redis.call('SREM', rooms_of(instance), room) else redis.call('SADD', rooms_of(instance), room) end

  local people, all = redis.call('HLEN', people_in(room)), 0
  local counts = redis.call('HGETALL', counts_of(room))
  for n = 1, #counts, 2 do
    if string.sub(counts[n], 1, 2) == 'g:' then people = people + counts[n + 1] else all = all + counts[n + 1] end
  end
  answer[#answer + 1] = {people, all}
end
return answer
