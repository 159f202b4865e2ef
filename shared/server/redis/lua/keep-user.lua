#!lua
-- Stores a user's row of PostgreSQL, unless Redis has a newer one. Rejects a row that was read before the newest change, or in
-- another run of Redis, because it may be outdated.
-- KEYS state, changes
-- ARGV run and mark of the newest change from before the row was read, nickname, role, reason, until (0 for none), version,
--      life in ms
-- Returns the current {nickname, role, reason, until}, or {} if the row must be read again.
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
