#!lua flags=allow-oom
-- Deletes the keys of a deleted room, or those of an archived room except for its hash, by which clients resume when it is reopened. Its client ids
-- expire by themselves, and a later room of the same name ignores them.
-- KEYS room, log, tombstones, dirty, reacting, notes and emojis of reactions
-- ARGV room name, its highest seq ('': any), 1 if all of its events must be in PostgreSQL
-- Returns 1 if it is gone; 0 if it must stay, because it is open again or has events that are not stored.
local room, log, tombstones, dirty = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local name, highest, keeps = ARGV[1], tonumber(ARGV[2]), ARGV[3] == '1'

local state = redis.call('HMGET', room, 'run', 'seq')
-- The keys belong to a later room of this name, so nothing of the closed one can be left.
if highest and tonumber(state[2] or 0) > highest then return 1 end
if keeps and state[1] then
  -- include: run-id
  if state[1] == run or redis.call('HEXISTS', dirty, name) == 1 then return 0 end
end
redis.call('DEL', log, tombstones, KEYS[6], KEYS[7])
if keeps and state[2] then
  -- Gathered reactions wait until it is open again.
  redis.call('HDEL', room, 'seen', 'recalled', 'noted', 'reactedAt')
  redis.call('HSET', room, 'run', 'sealed', 'floor', string.format('%.0f', state[2] + 1))
else
  redis.call('DEL', room, KEYS[5])
end
redis.call('HDEL', dirty, name, 'n:' .. name)
return 1
