#!lua
-- Starts a fresh epoch for a room whose Redis was restarted or lost data, so that no seq is ever given twice.
-- KEYS room, log, dirty, then one `sent` key (or the log's key for none) for each entry offered
-- ARGV room name, fresh epoch, last seq in PostgreSQL, epoch and seq of the caller's memory, first seq from which that
--      memory is complete, step, dedupe time in ms, then for each entry: seq, epoch, event
-- Returns {1 when restored here or 0 when another was first, events surely lost, epoch, seq}.
local room, log, dirty = KEYS[1], KEYS[2], KEYS[3]
local name, epoch, pg_seq = ARGV[1], ARGV[2], tonumber(ARGV[3])
local mem_epoch, mem_seq, mem_from = ARGV[4], tonumber(ARGV[5]), tonumber(ARGV[6])
local step, dedupe_ms = tonumber(ARGV[7]), ARGV[8]
local text = function(number) return string.format('%.0f', number) end

local run = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
local state = redis.call('HMGET', room, 'run', 'epoch', 'seq', 'stored', 'floor', 'at')
if state[1] == run then return {0, 0, state[2], tonumber(state[3])} end

local had, old_epoch = state[1], state[2] or mem_epoch
local newest = redis.call('XREVRANGE', log, '+', '-', 'COUNT', 1)[1]
local known = math.max(tonumber(state[3] or 0), newest and tonumber(string.match(newest[1], '^%d+')) or 0)
local stored = math.max(tonumber(state[4] or 0), pg_seq)
local reach = had and known or pg_seq
local floor = tonumber(state[5] or 0)
local at = tonumber(state[6] or 0)
local lost = 0

-- What the caller's memory has above Redis joins on without a hole, or, in an empty Redis, is all there is.
local up_to = known
if mem_epoch == old_epoch and mem_epoch ~= '' and mem_seq > known and (mem_from <= known + 1 or not had) then
  for i = 9, #ARGV, 3 do
    local seq = tonumber(ARGV[i])
    if seq > known then
      redis.call('XADD', log, text(seq) .. '-0', ARGV[i + 1], ARGV[i + 2])
      at = math.max(at, tonumber(string.match(ARGV[i + 2], '"at":(%d+)') or 0))
      local sent = KEYS[4 + (i - 9) / 3]
      if sent ~= log then redis.call('SET', sent, text(seq), 'PX', dedupe_ms, 'NX') end
    end
  end
  up_to = mem_seq
  if not had then
    floor = mem_from
    lost = math.max(0, mem_from - 1 - reach)
  end
end

local top = math.max(known, pg_seq, mem_seq)
lost = math.max(lost, top - math.max(up_to, stored))
local seq = top > 0 and top + step or 0
if redis.call('EXISTS', log) == 0 then floor = seq + 1 end
if lost > 0 and up_to == 0 then old_epoch = '' end

redis.call('HSET', room, 'run', run, 'epoch', epoch, 'seq', text(seq), 'base', text(seq), 'stored', text(stored),
  'floor', text(math.max(floor, 1)), 'prevEpoch', old_epoch, 'prevUpTo', text(up_to), 'at', text(at))
if up_to > stored then
  local time = redis.call('TIME')
  redis.call('HSET', dirty, name, text(time[1] * 1000), 'n:' .. name, redis.call('XLEN', log))
end
return {1, lost, epoch, seq}
