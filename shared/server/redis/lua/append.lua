#!lua
-- Appends an event to a room in one atomic step: dedupes, assigns the seq, logs, marks for the worker, remembers the
-- client id, publishes.
-- KEYS room, log, prefix of the shard's client ids, dirty, channel, clock, client id in the form of the previous release
-- ARGV room name, prefix (JSON up to the seq), suffix (JSON after at), dedupe time in ms, client id
-- Returns {seq, 1 if fresh or 0 if the client id was known}, or {} if the room must be restored first, or if client ids
-- from before a jump of the clock must be recalled, because they expire by the clock.
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
-- A seq of an earlier room of this name does not count.
local known = find_sent(id, former)
if known and tonumber(known) > tonumber(state[5] or 0) then
  -- The time starts again, because this answer may be lost too, and a person may resend late.
  keep_sent(id, known, former)
  return {tonumber(known), 0}
end

-- include: recall
-- include: append-event
return {seq, 1}
