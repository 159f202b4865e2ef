#!lua flags=no-writes
-- Reads the people in some rooms of one shard: their numbers, and user ids.
-- KEYS prefixes of keys: people in a room, counts of a room
-- ARGV max user ids for each room, then the rooms
-- Returns for each room {users, guests, {user id...}}.
local max = tonumber(ARGV[1])
local answer = {}
for i = 2, #ARGV do
  local people = KEYS[1] .. ARGV[i]
  local guests = 0
  local counts = redis.call('HGETALL', KEYS[2] .. ARGV[i])
  for n = 1, #counts, 2 do
    if string.sub(counts[n], 1, 2) == 'g:' then guests = guests + counts[n + 1] end
  end
  local ids = {}
  if max > 0 then
    local all = redis.call('HKEYS', people)
    for n = 1, math.min(max, #all) do ids[n] = all[n] end
  end
  answer[i - 1] = {redis.call('HLEN', people), guests, ids}
end
return answer
