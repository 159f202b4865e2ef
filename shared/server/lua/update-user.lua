#!lua
-- Changes what Redis knows of a user, in step with PostgreSQL; what Redis does not know is loaded from there when needed.
-- KEYS state
-- ARGV field, value, field, value, ... among nickname, role, reason, until
-- Returns 1 when Redis knew the user.
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
redis.call('HSET', KEYS[1], unpack(ARGV))
return 1
