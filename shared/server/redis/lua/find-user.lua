#!lua
-- Reads the state of a user. State written in an earlier run of Redis counts as unknown, because it may lack acknowledged changes.
-- KEYS state, changes
-- Returns {run, mark of the newest change, nickname, role, reason, until}, the last four only for a known user. Creates a mark if
-- there is none, so that keep-user.lua notices a Redis that was emptied in between.
-- include: run-id
local user = redis.call('HMGET', KEYS[1], 'run', 'nickname', 'role', 'reason', 'until')
if user[1] == run then return {run, '', user[2], user[3], user[4], user[5]} end
local mark = redis.call('GET', KEYS[2])
if not mark then
  mark = table.concat(redis.call('TIME'), '.')
  redis.call('SET', KEYS[2], mark, 'PX', 86400000)
end
return {run, mark}
