#!lua
-- Keeps what PostgreSQL says of a user, unless Redis knows already: what it knows may be newer.
-- KEYS state
-- ARGV nickname, role, reason, until (0 for none), life in ms
-- Returns {nickname, role, reason, until} as they stand now.
local state = KEYS[1]
if redis.call('EXISTS', state) == 0 then
  redis.call('HSET', state, 'nickname', ARGV[1], 'role', ARGV[2], 'reason', ARGV[3], 'until', ARGV[4])
end
redis.call('PEXPIRE', state, ARGV[5])
return redis.call('HMGET', state, 'nickname', 'role', 'reason', 'until')
