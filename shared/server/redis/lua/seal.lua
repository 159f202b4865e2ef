#!lua
-- Stops a room at once, before PostgreSQL says that it is closed: nothing is appended until a restore, which asks PostgreSQL.
-- KEYS room
-- Returns the highest seq that was given, 0 without a room.
local seq = redis.call('HGET', KEYS[1], 'seq')
if not seq then return 0 end
redis.call('HSET', KEYS[1], 'run', 'sealed')
return tonumber(seq)
