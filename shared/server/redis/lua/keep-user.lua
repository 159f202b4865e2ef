#!lua
-- Keeps what PostgreSQL says of a user. What was asked for before a change that Redis was told of meanwhile, or in another
-- run of Redis, is not kept: it may be older than the change. Nor does a row replace a newer one.
-- KEYS state, changes
-- ARGV run and mark of the newest change as they were when PostgreSQL was asked, nickname, role, reason, until (0 for none),
--      version, life in ms
-- Returns {nickname, role, reason, until} as they stand now, or {} when PostgreSQL must be asked again.
local state, changes = KEYS[1], KEYS[2]
-- include: run-id
if ARGV[1] ~= run or ARGV[2] ~= redis.call('GET', changes) then return {} end
local kept = redis.call('HMGET', state, 'run', 'version')
if kept[1] ~= run or tonumber(kept[2]) < tonumber(ARGV[7]) then
  redis.call('HSET', state, 'nickname', ARGV[3], 'role', ARGV[4], 'reason', ARGV[5], 'until', ARGV[6],
    'version', ARGV[7], 'run', run)
end
redis.call('PEXPIRE', state, ARGV[8])
return redis.call('HMGET', state, 'nickname', 'role', 'reason', 'until')
