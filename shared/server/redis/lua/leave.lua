#!lua flags=allow-oom
-- Removes an idle room from Redis except for its hash, from which come-back.lua continues it. Allowed when Redis is out of memory, because it
-- frees memory. Safe to repeat and to race: the room stays if somebody said something or is there.
-- KEYS room, log, tombstones, dirty, long, counts of people in the room, clock, notes and emojis of reactions
-- ARGV room name, time in ms; the newest event of an idle room is older
-- Returns 1 if the room left.
local room, log, tombstones, dirty, long = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local name, before = ARGV[1], tonumber(ARGV[2])

local state = redis.call('HMGET', room, 'run', 'at', 'seq', 'stored', 'base', 'prevEpoch', 'prevUpTo', 'born', 'reacting')
-- include: run-id
if state[1] ~= run or tonumber(state[2] or 0) >= before then return 0 end
if #redis.call('HGETALL', KEYS[6]) > 0 or redis.call('HEXISTS', dirty, name) == 1 then return 0 end
local newest = redis.call('XREVRANGE', log, '+', '-', 'COUNT', 1)[1]
if newest and tonumber(string.match(newest[1], '^%d+')) > tonumber(state[4]) then return 0 end
-- A gateway of the release before would continue the room in a fresh epoch (include/sent-ids.lua).
local clock = redis.call('HMGET', KEYS[7], 'last', 'jumped', 'heard')
if not clock[1] or not string.find(clock[1], '.', 1, true) then return 0 end
if tonumber(clock[3] or 0) >= tonumber(string.match(clock[2] or '', 'n(%d+)$') or 0) then return 0 end

if state[9] then return 0 end

redis.call('DEL', log, tombstones, KEYS[8], KEYS[9])
redis.call('HDEL', long, name)
-- Fields without a value are left out too; come-back.lua adds them again.
redis.call('HDEL', room, 'seen', 'recalled', 'noted', 'reactedAt')
for i, field in ipairs({'base', 'prevEpoch', 'prevUpTo', 'born'}) do
  if state[4 + i] == '0' or state[4 + i] == '' then redis.call('HDEL', room, field) end
end
redis.call('HSET', room, 'run', 'away' .. string.sub(run, 1, 12), 'floor', string.format('%.0f', state[3] + 1))
return 1
