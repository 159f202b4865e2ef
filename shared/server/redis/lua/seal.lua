#!lua
-- Closes a room before it is closed in PostgreSQL: nothing is appended until a restore, which checks PostgreSQL.
-- KEYS room
-- Returns the room's highest seq, or 0 if there is no room.
local seq = redis.call('HGET', KEYS[1], 'seq')
if not seq then return 0 end
redis.call('HSET', KEYS[1], 'run', 'sealed')
return tonumber(seq)
