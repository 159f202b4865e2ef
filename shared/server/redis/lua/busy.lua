#!lua flags=no-writes
-- Lists the rooms of one shard that have people in them, with their number.
-- KEYS leases; then prefixes of keys: rooms of a node instance, people in a room, counts of a room
-- Returns {room, people, room, people, ...}.
local leases = KEYS[1]
local seen, answer = {}, {}
for _, instance in ipairs(redis.call('ZRANGE', leases, 0, -1)) do
  for _, room in ipairs(redis.call('SMEMBERS', KEYS[2] .. instance)) do
    if not seen[room] then
      seen[room] = true
      local people = redis.call('HLEN', KEYS[3] .. room)
      local counts = redis.call('HGETALL', KEYS[4] .. room)
      for n = 1, #counts, 2 do
        if string.sub(counts[n], 1, 2) == 'g:' then people = people + counts[n + 1] end
      end
      answer[#answer + 1] = room
      answer[#answer + 1] = people
    end
  end
end
return answer
