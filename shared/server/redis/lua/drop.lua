#!lua flags=allow-oom
-- Lets go of a closed room's keys; what was remembered of its client ids ends by itself, and a later room does not heed it.
-- KEYS room, log, tombstones, dirty
-- ARGV room name, its highest seq ('' : whatever it is), 1 when everything in it must be in PostgreSQL
-- Returns 1 when nothing of it is left, 0 when it may not go: it is open again, or not all of it is stored.
local room, log, tombstones, dirty = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local name, highest, keeps = ARGV[1], tonumber(ARGV[2]), ARGV[3] == '1'

local state = redis.call('HMGET', room, 'run', 'seq')
-- A later room of this name: of this one nothing can be left.
if highest and tonumber(state[2] or 0) > highest then return 1 end
if keeps and state[1] then
  -- include: run-id
  if state[1] == run or redis.call('HEXISTS', dirty, name) == 1 then return 0 end
end
redis.call('DEL', room, log, tombstones)
redis.call('HDEL', dirty, name, 'n:' .. name)
return 1
