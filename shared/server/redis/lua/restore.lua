#!lua
-- Starts a new epoch for a room after Redis was restarted or lost data, so that no seq is ever assigned twice. The caller computed
-- the entries for the log from its memory and from PostgreSQL, where it holds the room's lock meanwhile.
-- KEYS room, log, dirty, tombstones, prefix of the shard's client ids, clock, reacting, notes and emojis of reactions, then for each entry its client id in the form of the
--      previous release (or the log's key for none)
-- ARGV room name, fresh epoch, seq from which it goes on, last seq in PostgreSQL, previous epoch, seq up to which that one is
--      certainly complete, dedupe time in ms, highest seq of earlier rooms of this name, then for
--      each entry, in order: seq, epoch, event, client id ('' for none)
-- Returns 1 if this call restored the room, 0 if another caller was first.
local room, log, dirty, tombstones = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local sent, clock = KEYS[5], KEYS[6]
local reacting, notes, emojis = KEYS[7], KEYS[8], KEYS[9]
local first_former = 10
local name, epoch, seq, pg_seq = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local old_epoch, up_to, dedupe_ms, born = ARGV[5], tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8])
local first_entry = 9
local text = function(number) return string.format('%.0f', number) end

-- include: run-id
local state = redis.call('HMGET', room, 'run', 'seq', 'stored', 'floor', 'at', 'recalled', 'noted')
if state[1] == run then return 0 end
if born > 0 and tonumber(state[2] or 0) <= born then
  -- The keys are left from an earlier room of this name.
  redis.call('DEL', room, log, tombstones, reacting, notes, emojis)
  state = {}
end
local recalled = state[6]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
-- include: sent-ids
-- include: keep-sent
-- include: note-reactions
-- include: remove-messages
local ids = open_ids(sent, clock)
local known, floor, at = tonumber(state[2] or 0), tonumber(state[4] or 1), tonumber(state[5] or 0)
local stored = math.max(tonumber(state[3] or 0), pg_seq)
-- The log that is here still knows the reactions that it knew in the run before.
local noted = noted_from(state[7], state[1]) or known + 1

-- Applies a deletion that the log lacked: removes its target from the log and keeps a tombstone. For a target that only PostgreSQL
-- has, a bare tombstone is kept, by which history hides the text until the worker has blanked it.
local function tombstone_at(target, seq, of_epoch, mark)
  if #redis.call('ZRANGEBYSCORE', tombstones, target, target) > 0 then return end
  local id = target .. '-0'
  local entry = redis.call('XRANGE', log, id, id)[1]
  local left = '{"type":"message","room":"' .. name .. '","seq":' .. target .. mark
  if entry then
    local event = entry[2][2]
    local cut = string.find(event, ',"text":"', 1, true)
    of_epoch, left = entry[2][1], cut and string.sub(event, 1, cut - 1) .. mark or event
  end
  redis.call('ZADD', tombstones, target, seq .. ' ' .. of_epoch .. ' ' .. left)
  redis.call('XDEL', log, id)
end

-- Entries that do not directly follow the log replace it, because PostgreSQL has all of it then.
local first = tonumber(ARGV[first_entry] or 0)
if first > known + 1 then
  redis.call('DEL', log, notes)
  floor, noted = first, first
end
for i = first_entry, #ARGV, 4 do
  local seq, event = tonumber(ARGV[i]), ARGV[i + 2]
  if seq > known then
    redis.call('XADD', log, text(seq) .. '-0', ARGV[i + 1], event)
    note_reactions(notes, event, seq)
    at = math.max(at, tonumber(string.match(event, '"at":(%d+)') or 0))
    local former, id = KEYS[first_former + (i - first_entry) / 4], ARGV[i + 3]
    if id ~= '' then
      local kept, is_open, newest = find_sent(ids, id, former, recalled)
      if not kept then keep_sent(ids, id, text(seq), former, recalled, is_open, newest) end
    end
    if string.sub(event, 1, 17) == '{"type":"deleted"' then
      local is_taken_back = string.find(event, ',"takenBack":true', 1, true)
      local mark = (is_taken_back and ',"takenBack":true' or '') .. ',"deleted":true}'
      tombstone_at(string.match(event, '"target":(%d+)'), text(seq), ARGV[i + 1], mark)
    elseif string.sub(event, 1, 17) == '{"type":"removed"' then
      local author, from = string.match(event, '"author":"([^"]+)"'), string.match(event, '"from":(%d+)')
      if author and from then remove_messages(room, log, tombstones, author, from, text(seq)) end
    end
  end
end

-- Nothing was ever given between the highest known seq and the start of the epoch, so who has that one lacks nothing.
if redis.call('EXISTS', log) == 0 then floor = math.max(known, pg_seq, up_to) + 1 end
redis.call('HSET', room, 'run', run, 'epoch', epoch, 'seq', text(seq), 'base', text(seq), 'stored', text(stored),
  'floor', text(floor), 'prevEpoch', old_epoch, 'prevUpTo', text(up_to), 'at', text(at), 'born', text(born),
  'noted', noted_text(run, noted))
local newest = redis.call('XREVRANGE', log, '+', '-', 'COUNT', 1)[1]
local last = newest and tonumber(string.match(newest[1], '^%d+')) or 0
if last > stored then
  redis.call('HSET', dirty, name, text(now), 'n:' .. name, text(last - stored))
else
  redis.call('HDEL', dirty, name, 'n:' .. name)
end
return 1
