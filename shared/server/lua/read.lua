#!lua flags=no-writes
-- Reads a room's state and a part of its log as they are at one moment.
-- KEYS room, log
-- ARGV seq after which to read, or -1 for the newest; most entries; of the newest, only those below this seq ('' for all)
-- Returns {run is current, epoch, seq, stored, floor, prevEpoch, prevUpTo, {id, {epoch, event}}...}, or {} without a room.
local room, log = KEYS[1], KEYS[2]
local after, most, below = tonumber(ARGV[1]), ARGV[2], ARGV[3]

local state = redis.call('HMGET', room, 'run', 'epoch', 'seq', 'stored', 'floor', 'prevEpoch', 'prevUpTo')
if not state[1] then return {} end
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
state[1] = state[1] == run and 1 or 0

local entries
if after < 0 then
  local top = below == '' and '+' or '(' .. below .. '-0'
  entries = redis.call('XREVRANGE', log, top, '-', 'COUNT', most)
  for i = #entries, 1, -1 do state[#state + 1] = entries[i] end
else
  entries = redis.call('XRANGE', log, '(' .. string.format('%.0f', after) .. '-0', '+', 'COUNT', most)
  for i = 1, #entries do state[#state + 1] = entries[i] end
end
return state
