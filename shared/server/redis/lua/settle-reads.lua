#!lua
-- Forgets moved reads that PostgreSQL has, unless they moved on meanwhile.
-- KEYS moved reads of a shard
-- ARGV for each: field, seq
-- Returns how many are forgotten.
local settled = 0
for i = 1, #ARGV, 2 do
  if redis.call('HGET', KEYS[1], ARGV[i]) == ARGV[i + 1] then settled = settled + redis.call('HDEL', KEYS[1], ARGV[i]) end
end
return settled
