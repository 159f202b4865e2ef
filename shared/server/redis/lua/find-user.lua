#!lua
-- What Redis knows of a user. What an earlier run of Redis wrote may be older than what was acknowledged since: it counts
-- as not known.
-- KEYS state, changes
-- Returns {run, mark of the newest change, nickname, role, reason, until}, the last four only of a user who is known. Without a
-- change there is a mark all the same, so that a Redis that was emptied meanwhile is seen to be.
-- include: run-id
local user = redis.call('HMGET', KEYS[1], 'run', 'nickname', 'role', 'reason', 'until')
if user[1] == run then return {run, '', user[2], user[3], user[4], user[5]} end
local mark = redis.call('GET', KEYS[2])
if not mark then
  mark = table.concat(redis.call('TIME'), '.')
  redis.call('SET', KEYS[2], mark, 'PX', 86400000)
end
return {run, mark}
