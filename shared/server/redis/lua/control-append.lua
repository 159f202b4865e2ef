#!lua
-- Appends to the control log (session ended, user muted, ...) and publishes to every gateway. Each message names the entry
-- before it, so that a gateway notices at once that it missed one.
-- KEYS control log, control channel
-- ARGV event, how long entries are kept in ms
-- Returns the entry's id.
local log, channel = KEYS[1], KEYS[2]
local event, keep_ms = ARGV[1], tonumber(ARGV[2])
local newest = redis.call('XREVRANGE', log, '+', '-', 'COUNT', 1)[1]
local before = newest and newest[1] or '0-0'
local time = redis.call('TIME')
local oldest = string.format('%.0f', math.max(0, time[1] * 1000 - keep_ms))
local id = redis.call('XADD', log, 'MINID', '~', oldest, '*', 'e', event)
redis.call('SPUBLISH', channel, before .. ' ' .. id .. ' ' .. event)
return id
