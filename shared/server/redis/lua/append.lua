#!lua
-- Gives an event its place in a room: dedupe, number, keep, mark for the worker, remember, publish. One atomic step.
-- KEYS room, log, sent, dirty, channel, clock
-- ARGV room name, prefix (JSON up to the seq), suffix (JSON after at), dedupe time in ms
-- Returns {seq, 1 when fresh or 0 when the client id was known}, or {} when the room must be restored first, or
-- what it was told before the clock was set must be recalled: remembered client ids expire by the clock.
local room, log, sent, dirty, channel = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local name, prefix, suffix, dedupe_ms = ARGV[1], ARGV[2], ARGV[3], ARGV[4]

local state = redis.call('HMGET', room, 'run', 'epoch', 'seq', 'at', 'born', 'seen', 'recalled')
-- include: run-id
if state[1] ~= run then return {} end

-- What an earlier room of this name was told is nothing to this one.
local known = redis.call('GET', sent)
if known and tonumber(known) > tonumber(state[5] or 0) then
  -- Remembered anew: who asks again may lose this answer too, and a person may have said "once more" late.
  redis.call('PEXPIRE', sent, dedupe_ms)
  return {tonumber(known), 0}
end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local now_text = string.format('%.0f', now)
local jump_ms = 60000
if math.abs(now - tonumber(state[6] or 0)) > jump_ms then
  -- The room was quiet, or the clock was set: the shard's clock is noted twice a second.
  local clock = redis.call('HMGET', KEYS[6], 'last', 'jumped')
  local jumped = clock[2]
  if clock[1] and math.abs(now - tonumber(clock[1])) > jump_ms then
    jumped = now_text
    redis.call('HSET', KEYS[6], 'last', now_text, 'jumped', jumped)
  end
  if jumped and jumped ~= state[7] then return {} end
end

-- include: append-event
redis.call('HSET', room, 'seen', now_text)
return {seq, 1}
