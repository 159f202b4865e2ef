#!lua flags=no-writes
-- Checks whether client ids of a room may have expired too early, because Redis' clock, by which they expire, was set.
-- KEYS room, clock
-- Returns {time of the last append, time at which the jump was noticed}, or {} if no client id can be missing.
local room = redis.call('HMGET', KEYS[1], 'seen', 'recalled', 'at')
local jumped = redis.call('HGET', KEYS[2], 'jumped')
if not jumped or jumped == room[2] then return {} end
return {room[1] or room[3], jumped}
