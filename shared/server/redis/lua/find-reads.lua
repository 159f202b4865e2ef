#!lua flags=no-writes
-- Reads how far users have read.
-- KEYS reads of each user
-- Returns {run of Redis, then for each user {room, seq, room, seq...}}. The field `*` has the run in which PostgreSQL was read.
-- include: run-id
local answers = {run}
for i, key in ipairs(KEYS) do answers[i + 1] = redis.call('HGETALL', key) end
return answers
