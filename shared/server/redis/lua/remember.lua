#!lua
-- Remembers client ids again that are known from elsewhere; a seq that Redis has stays.
-- KEYS room, prefix of the shard's client ids, clock, then each client id in the form of the previous release
-- ARGV dedupe time in ms, then each client id and its seq
local sent, clock, dedupe_ms = KEYS[2], KEYS[3], tonumber(ARGV[1])
local recalled = redis.call('HGET', KEYS[1], 'recalled')
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
-- include: sent-ids
-- include: keep-sent
for i = 4, #KEYS do
  local id, former = ARGV[2 * i - 6], KEYS[i]
  if not find_sent(id, former) then keep_sent(id, ARGV[2 * i - 5], former) end
end
return #KEYS
