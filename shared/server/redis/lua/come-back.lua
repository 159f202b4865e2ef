#!lua
-- Fills the log of a room that left Redis (leave.lua) with its newest events from PostgreSQL. A room that left in this run of Redis continues in its
-- epoch. After a restart of Redis its log is filled, and the room must be restored like any other.
-- KEYS room, log, notes of reactions
-- ARGV seq of the room when PostgreSQL was read, 1 if the epoch continues, then for each event, in order: seq, epoch, event
-- Returns 1 if the log was filled, 0 if another caller was first.
local room, log, seq = KEYS[1], KEYS[2], ARGV[1]
local state = redis.call('HMGET', room, 'run', 'seq')
-- include: run-id
if state[1] == run or tonumber(state[2] or -1) ~= tonumber(seq) or redis.call('EXISTS', log) == 1 then return 0 end
-- include: note-reactions
redis.call('DEL', KEYS[3])
for i = 3, #ARGV, 3 do
  redis.call('XADD', log, ARGV[i] .. '-0', ARGV[i + 1], ARGV[i + 2])
  note_reactions(KEYS[3], ARGV[i + 2], tonumber(ARGV[i]))
end
for _, field in ipairs({'base', 'prevUpTo', 'born'}) do redis.call('HSETNX', room, field, '0') end
redis.call('HSETNX', room, 'prevEpoch', '')
local floor = ARGV[3] or string.format('%.0f', tonumber(seq) + 1)
local continues = ARGV[2] == '1' and state[1] == 'away' .. string.sub(run, 1, 12)
redis.call('HSET', room, 'floor', floor, 'noted', noted_text(continues and run or state[1], tonumber(floor)))
if continues then redis.call('HSET', room, 'run', run) end
return 1
