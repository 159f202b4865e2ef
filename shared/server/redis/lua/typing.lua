#!lua
-- Tells a room that somebody is typing, at most once in a while for each user. Nothing is stored.
-- KEYS throttle, channel
-- ARGV throttle in ms, frame
if redis.call('SET', KEYS[1], '1', 'PX', ARGV[1], 'NX') then redis.call('SPUBLISH', KEYS[2], '- - ' .. ARGV[2]) end
