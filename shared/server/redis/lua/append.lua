#!lua
-- Gives an event its place in a room: dedupe, number, keep, mark for the worker, remember, publish. One atomic step.
-- KEYS room, log, prefix of the shard's client ids, dirty, channel, clock, client id as the release before keeps it
-- ARGV room name, prefix (JSON up to the seq), suffix (JSON after at), dedupe time in ms, client id
-- Returns {seq, 1 when fresh or 0 when the client id was known}, or {} when the room must be restored first, or
-- what it was told before the clock was set must be recalled: remembered client ids expire by the clock.
local room, log, sent, dirty, channel, clock, former = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7]
local name, prefix, suffix, dedupe_ms, id = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4]), ARGV[5]

local state = redis.call('HMGET', room, 'run', 'epoch', 'seq', 'at', 'born', 'recalled')
-- include: run-id
if state[1] ~= run then return {} end

local recalled = state[6]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
-- include: sent-ids
-- include: keep-sent
-- What an earlier room of this name was told is nothing to this one.
local known = find_sent(id, former)
if known and tonumber(known) > tonumber(state[5] or 0) then
  -- Remembered anew: who asks again may lose this answer too, and a person may have said "once more" late.
  keep_sent(id, known, former)
  return {tonumber(known), 0}
end

-- include: recall
-- include: append-event
return {seq, 1}
