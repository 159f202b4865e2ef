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
local ids = open_ids(sent, clock)
for i = 4, #KEYS do
  local id, former = ARGV[2 * i - 6], KEYS[i]
  local known, is_open, newest = find_sent(ids, id, former, recalled)
  if not known then keep_sent(ids, id, ARGV[2 * i - 5], former, recalled, is_open, newest) end
end
return #KEYS
