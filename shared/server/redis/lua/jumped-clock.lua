#!lua flags=no-writes
-- Checks whether client ids of a room may have expired too early, because Redis' clock, by which they expire, was set.
-- KEYS room, clock
-- Returns {time of the last append, time at which the jump was noticed}, or {} if no client id can be missing.
local room = redis.call('HMGET', KEYS[1], 'seen', 'recalled', 'at')
-- The part after the time is for gateways of the previous release (include/sent-ids.lua).
local jump = string.match(redis.call('HGET', KEYS[2], 'jumped') or '', '^%d+') or '0'
if jump == '0' or jump == string.match(room[2] or '', '^%d+') then return {} end
return {room[1] or room[3], jump}
