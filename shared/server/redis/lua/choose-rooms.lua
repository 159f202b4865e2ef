#!lua
-- Chooses the rooms that get a notice about a change of a user: first those in which they spoke recently, then those that they
-- are in, up to a max over all gateways. Idempotent: a retry chooses the same rooms.
-- KEYS the user's last messages, rooms chosen for this change
-- ARGV max rooms, life of the choice in ms, max age of a recent message in ms, then the rooms that the user is in on this gateway
-- Returns the rooms that the caller must notify: those that it chose first, and the chosen ones among its own.
local recent, news = KEYS[1], KEYS[2]
local max, life_ms, lately_ms = tonumber(ARGV[1]), ARGV[2], tonumber(ARGV[3])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local chosen, count = {}, 0
for _, room in ipairs(redis.call('SMEMBERS', news)) do
  chosen[room] = true
  count = count + 1
end

local answer, listed = {}, {}
local function choose(room, here)
  local fresh = not chosen[room] and count < max
  if fresh then
    redis.call('SADD', news, room)
    chosen[room] = true
    count = count + 1
  end
  if (fresh or here and chosen[room]) and not listed[room] then
    listed[room] = true
    answer[#answer + 1] = room
  end
end

for _, entry in ipairs(redis.call('LRANGE', recent, 0, -1)) do
  local at, room = string.match(entry, '^(%d+) %x+ (%S+) ')
  if at and now - tonumber(at) <= lately_ms then choose(room, false) end
end
for i = 4, #ARGV do choose(ARGV[i], true) end
if count > 0 then redis.call('PEXPIRE', news, life_ms) end
return answer
