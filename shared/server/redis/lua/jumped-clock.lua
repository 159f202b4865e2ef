#!lua flags=no-writes
-- Whether client ids of a room may have been forgotten too early, since Redis' clock was set and they expire by it.
-- KEYS room, clock
-- Returns {when an event was last appended, when the clock was found set}, or {} when nothing is in doubt.
local room = redis.call('HMGET', KEYS[1], 'seen', 'recalled', 'at')
local jumped = redis.call('HGET', KEYS[2], 'jumped')
if not jumped or jumped == room[2] then return {} end
return {room[1] or room[3], jumped}
