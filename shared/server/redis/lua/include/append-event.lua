-- Appends events: their seqs and times, the log, the marks for the worker, their client ids, the bus. Owns the order of these steps.
-- Must follow keep-sent.lua. A room is a table: its keys (room, log, dirty, channel), name, epoch, seq and at, recalled, ids of
-- its shard, and `fresh`: the events appended by this call that are not marked and published yet.

local now_text = string.format('%.0f', now)
-- Two minutes early, so that a gateway of the previous release checks the clock before it appends, and recalls client ids.
local early_text = string.format('%.0f', now - 120000)

-- @returns the seq as text. `settle` must follow.
local function append_event(room, prefix, suffix)
  local seq, at = room.seq + 1, math.max(now, room.at)
  local seq_text, at_text = string.format('%.0f', seq), at == now and now_text or string.format('%.0f', at)
  local event = prefix .. seq_text .. ',"at":' .. at_text .. suffix
  redis.call('XADD', room.log, seq_text .. '-0', room.epoch, event)
  -- Not before, because an event that Redis refused takes no seq.
  room.seq, room.at = seq, at
  room.fresh[#room.fresh + 1] = {seq = seq_text, at = at_text, event = event}
  return seq_text
end

-- Makes the appended events of a room count: all its readers see them from here on.
local function settle(room)
  local count = #room.fresh
  if count == 0 then return end
  local last = room.fresh[count]
  redis.call('HSET', room.key, 'seq', last.seq, 'at', last.at, 'seen', early_text)
  redis.call('HSETNX', room.dirty, room.name, room.fresh[1].at)
  redis.call('HINCRBY', room.dirty, 'n:' .. room.name, count)
  for _, each in ipairs(room.fresh) do
    redis.call('SPUBLISH', room.channel, room.epoch .. ' ' .. each.seq .. ' ' .. each.event)
  end
  room.fresh = {}
end
