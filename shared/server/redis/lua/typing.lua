#!lua
-- Publishes that a user is typing in a room, throttled for each user. Stores no event.
-- KEYS throttle, channel
-- ARGV throttle in ms, frame
if redis.call('SET', KEYS[1], '1', 'PX', ARGV[1], 'NX') then redis.call('SPUBLISH', KEYS[2], '- - ' .. ARGV[2]) end
