#!lua flags=no-writes
-- Reads a room's state and a part of its log in one atomic step. Tombstones take the place of deleted messages.
-- KEYS room, log, tombstones
-- ARGV seq after which to read, or -1 for the newest entries; max entries; with -1, only entries below this seq ('': all)
-- Returns {1 if the run is current, 2 if the room left in this run, otherwise 0, epoch, seq, stored, floor, prevEpoch, prevUpTo, expired, base, {id, {epoch, event}}...}, or {} if there
--      is no room.
local room, log, tombstones = KEYS[1], KEYS[2], KEYS[3]
local after, max, below = tonumber(ARGV[1]), ARGV[2], ARGV[3]

local state = redis.call('HMGET', room, 'run', 'epoch', 'seq', 'stored', 'floor', 'prevEpoch', 'prevUpTo', 'expired', 'base')
if not state[1] then return {} end
-- include: run-id
state[1] = state[1] == run and 1 or state[1] == 'away' .. string.sub(run, 1, 12) and 2 or 0

local entries
-- An empty range is not sent to Redis, because '(0-0' as its upper end is an error.
if below ~= '' and tonumber(below) < 1 then
  entries = {}
elseif after < 0 then
  local top = below == '' and '+' or '(' .. below .. '-0'
  local newest = redis.call('XREVRANGE', log, top, '-', 'COUNT', max)
  entries = {}
  for i = #newest, 1, -1 do entries[#entries + 1] = newest[i] end
else
  entries = redis.call('XRANGE', log, '(' .. string.format('%.0f', after) .. '-0', '+', 'COUNT', max)
end

-- The range of tombstones to merge into the entries: up to the last entry of a full page, otherwise to the end.
local full = #entries == tonumber(max)
local seq_of = function(entry) return tonumber(string.match(entry[1], '^%d+')) end
local from = after >= 0 and after + 1 or full and seq_of(entries[1]) or tonumber(state[5])
local to = after >= 0 and full and seq_of(entries[#entries]) or below ~= '' and below - 1 or tonumber(state[3])
local dead = redis.call('ZRANGEBYSCORE', tombstones, string.format('%.0f', from), string.format('%.0f', to), 'WITHSCORES')
local next_dead = 1
local function tombstones_up_to(seq)
  while dead[next_dead + 1] and tonumber(dead[next_dead + 1]) <= seq do
    if tonumber(dead[next_dead + 1]) < seq then
      -- The epoch is empty for a tombstone that was restored from PostgreSQL only.
      local epoch, event = string.match(dead[next_dead], '^%d+ (%S*) (.*)$')
      state[#state + 1] = {dead[next_dead + 1] .. '-0', {epoch, event}}
    end
    next_dead = next_dead + 2
  end
end
for _, entry in ipairs(entries) do
  tombstones_up_to(seq_of(entry))
  state[#state + 1] = entry
end
tombstones_up_to(math.huge)
return state
