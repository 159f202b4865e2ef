#!lua
-- Invalidates a user whose row in PostgreSQL is about to change, and all rows that were read before the change.
-- KEYS state, changes
-- ARGV life of the mark in ms: longer than any query of PostgreSQL takes
local bucket = redis.call('HMGET', KEYS[1], 'tokens', 'spentAt')
redis.call('DEL', KEYS[1])
if bucket[1] and bucket[2] then
  -- The token bucket of messages stays, because a user who changes a name would get a full one otherwise.
  redis.call('HSET', KEYS[1], 'tokens', bucket[1], 'spentAt', bucket[2])
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
end
redis.call('SET', KEYS[2], table.concat(redis.call('TIME'), '.'), 'PX', ARGV[1])
return 1
