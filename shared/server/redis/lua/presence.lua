#!lua
-- Renews the leases of a node instance (one run of a gateway) on shards, applies its changes there, drops instances whose lease
-- lapsed, and counts people. An instance whose own lease had expired, or that retries a renewal, drops nobody. An instance that
-- was dropped, or whose last renewal was lost with the end of the append-only file, must register again with all it has. A
-- failure of one shard is its own.
-- KEYS for each shard: leases (a sorted set: instance -> end), renewals, clock; then prefixes of keys: rooms of an instance, users held
--      by it, people in a room, counts of a room
-- ARGV for each shard: how many arguments follow for it, instance, lease in ms, number of this renewal (1: a registration), then for each
--      room: name, guests, connections, number of users added, the users, number removed, the users
-- Returns for each shard nil if the instance must register, otherwise {people, connections} for each given room; the error as text
-- if Redis refused a command.
local KEYS_EACH = 7
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
-- include: note-clock

-- The keys of a shard, from place `k` on.
local function open_shard(k)
  local shard = {leases = KEYS[k + 1], renewals = KEYS[k + 2], clock = KEYS[k + 3]}
  shard.rooms_of = function(id) return KEYS[k + 4] .. id end
  shard.held_by = function(id, room) return KEYS[k + 5] .. id .. ':' .. room end
  shard.people_in = function(room) return KEYS[k + 6] .. room end
  shard.counts_of = function(room) return KEYS[k + 7] .. room end
  return shard
end
local function add(shard, room, id, user)
  if redis.call('SADD', shard.held_by(id, room), user) == 1 then
    redis.call('HINCRBY', shard.people_in(room), user, 1)
  end
end
local function remove(shard, room, user)
  local people = shard.people_in(room)
  if redis.call('HINCRBY', people, user, -1) <= 0 then redis.call('HDEL', people, user) end
end
local function contribute(shard, room, id, guests, connections)
  local counts = shard.counts_of(room)
  redis.call('HSET', counts, 'g:' .. id, guests, 'c:' .. id, connections)
  if connections == '0' then redis.call('HDEL', counts, 'g:' .. id, 'c:' .. id) end
end
local function drop(shard, id)
  for _, room in ipairs(redis.call('SMEMBERS', shard.rooms_of(id))) do
    for _, user in ipairs(redis.call('SMEMBERS', shard.held_by(id, room))) do remove(shard, room, user) end
    redis.call('DEL', shard.held_by(id, room))
    contribute(shard, room, id, '0', '0')
  end
  redis.call('DEL', shard.rooms_of(id))
  redis.call('ZREM', shard.leases, id)
  redis.call('HDEL', shard.renewals, id)
end

local function count(shard, room)
  local people, all = redis.call('HLEN', shard.people_in(room)), 0
  local counts = redis.call('HGETALL', shard.counts_of(room))
  for n = 1, #counts, 2 do
    if string.sub(counts[n], 1, 2) == 'g:' then people = people + counts[n + 1] else all = all + counts[n + 1] end
  end
  return {people, all}
end

-- @param from and to: places of the shard's arguments.
local function renew(shard, from, to)
  local instance, lease_ms, renewal = ARGV[from], tonumber(ARGV[from + 1]), tonumber(ARGV[from + 2])
  local lease_end = tonumber(redis.call('ZSCORE', shard.leases, instance) or 0)
  -- Gateways of this release mark their renewals.
  local known = tonumber(string.match(redis.call('HGET', shard.renewals, instance) or '', '^%d+') or 0)
  note_clock(shard.leases, shard.renewals, shard.clock, renewal)
  -- The same number again is a retry: the answer was lost, not the renewal.
  if renewal == 1 then drop(shard, instance) elseif lease_end == 0 or known < renewal - 1 then return false end
  redis.call('ZADD', shard.leases, now + lease_ms, instance)
  redis.call('HSET', shard.renewals, instance, renewal .. 'n')
  -- A retry may directly follow the late renewal, before the waiting renewals of other instances are processed; it drops nobody.
  if lease_end > now and known == renewal - 1 then
    for _, lapsed in ipairs(redis.call('ZRANGEBYSCORE', shard.leases, '-inf', now, 'LIMIT', 0, 4)) do drop(shard, lapsed) end
  end

  local answer = {}
  local i = from + 3
  while i <= to do
    local room, guests, connections = ARGV[i], ARGV[i + 1], ARGV[i + 2]
    local added = tonumber(ARGV[i + 3])
    for n = 1, added do add(shard, room, instance, ARGV[i + 3 + n]) end
    i = i + 4 + added
    local removed = tonumber(ARGV[i])
    for n = 1, removed do
      if redis.call('SREM', shard.held_by(instance, room), ARGV[i + n]) == 1 then remove(shard, room, ARGV[i + n]) end
    end
    i = i + 1 + removed
    contribute(shard, room, instance, guests, connections)
    redis.call(connections == '0' and 'SREM' or 'SADD', shard.rooms_of(instance), room)
    answer[#answer + 1] = count(shard, room)
  end
  return answer
end

local replies, at = {}, 1
for i = 0, #KEYS / KEYS_EACH - 1 do
  local to = at + tonumber(ARGV[at])
  local ok, reply = pcall(renew, open_shard(i * KEYS_EACH), at + 1, to)
  if not ok then reply = type(reply) == 'table' and reply.err or tostring(reply) end
  replies[i + 1] = reply
  at = to + 1
end
return replies
