#!lua flags=no-writes
-- Finds the seq that a client id was given.
-- KEYS room, prefix of the shard's client ids, clock, client id as the release before keeps it
-- ARGV dedupe time in ms, client id
-- Returns the seq, or nil if none is remembered.
local sent, clock, dedupe_ms = KEYS[2], KEYS[3], tonumber(ARGV[1])
local recalled = redis.call('HGET', KEYS[1], 'recalled')
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
-- include: sent-ids
local seq = find_sent(open_ids(sent, clock), ARGV[2], KEYS[4], recalled)
return seq
