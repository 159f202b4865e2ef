#!lua flags=no-writes
-- The end of the control log and the run id of Redis, because another run may have lost entries even if newer ones follow.
-- KEYS control log
-- Returns {run, id of the newest entry or '0-0'}.
-- include: run-id
local newest = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
return {run, newest and newest[1] or '0-0'}
