#!lua
-- Deletes a message of a room: appends `deleted`, removes the target from the log and keeps its tombstone.
-- KEYS room, log, prefix of the shard's client ids, dirty, channel, tombstones, clock, client id in the form of the previous release
-- ARGV room name, target's seq, user id, may delete any (1 or 0), prefix (JSON up to the seq), suffix (JSON after at), dedupe time in ms,
--      tombstone of a target that is in PostgreSQL only ('' if it was not looked up), client id,
--      max age in ms at which the author may take the message back, so that nothing of it is shown (-1: it is not asked for)
-- Returns {seq}, and 1 behind it if the message was taken back; {} if the room must be restored first, or one of 'forbidden', 'absent', 'archived' (look it up there).
local room, log, sent, dirty, channel, tombstones = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local clock, former, id, take_back_ms = KEYS[7], KEYS[8], ARGV[9], tonumber(ARGV[10])
local name, target, user, any = ARGV[1], ARGV[2], ARGV[3], ARGV[4] == '1'
local prefix, suffix, dedupe_ms, tombstone = ARGV[5], ARGV[6], tonumber(ARGV[7]), ARGV[8]

local state = redis.call('HMGET', room, 'run', 'epoch', 'seq', 'at', 'floor', 'born', 'recalled')
-- include: run-id
if state[1] ~= run then return {} end
local recalled = state[7]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
-- include: sent-ids
-- include: keep-sent
-- include: append-event
local ids = open_ids(sent, clock)
local known, is_open, newest = find_sent(ids, id, former, recalled)
if known and tonumber(known) > tonumber(state[6] or 0) then return {tonumber(known)} end

local entry = redis.call('XRANGE', log, target .. '-0', target .. '-0')[1]
local epoch = state[2]
local is_taken_back = false
if entry then
  local event = entry[2][2]
  if string.sub(event, 1, 17) ~= '{"type":"message"' then return redis.status_reply('absent') end
  if string.sub(event, -16) == ',"deleted":true}' then
    -- A tombstone that came from PostgreSQL, where the seq of its deletion is, unless Redis lost that before it was stored.
    if tombstone == '' then return redis.status_reply('archived') end
  else
    local author = string.match(event, '"user":{"id":"([^"]*)"')
    if not any and author ~= user then return redis.status_reply('forbidden') end
    -- Only what vanishes with the text comes after it, and no JSON string can contain `,"text":"` with unescaped quotes.
    local cut = string.find(event, ',"text":"', 1, true)
    local at = tonumber(string.match(event, '"at":(%d+)') or 0)
    is_taken_back = author == user and take_back_ms >= 0 and now - at <= take_back_ms
    if is_taken_back then suffix = string.sub(suffix, 1, -2) .. ',"takenBack":true}' end
    tombstone = (cut and string.sub(event, 1, cut - 1) or string.sub(event, 1, -2))
      .. (is_taken_back and ',"takenBack":true' or '') .. ',"deleted":true}'
    epoch = entry[2][1]
  end
else
  local old = redis.call('ZRANGEBYSCORE', tombstones, target, target)[1]
  if old then return {tonumber(string.match(old, '^(%d+)'))} end
  if tonumber(target) >= tonumber(state[5]) then return redis.status_reply('absent') end
  if tombstone == '' then return redis.status_reply('archived') end
end

local place = {
  key = room, log = log, dirty = dirty, channel = channel, name = name, fresh = {},
  epoch = state[2], seq = tonumber(state[3]), at = tonumber(state[4]),
}
local seq_text = append_event(place, prefix, suffix)
keep_sent(ids, id, seq_text, former, recalled, is_open, newest)
settle(place)
redis.call('ZADD', tombstones, target, seq_text .. ' ' .. epoch .. ' ' .. tombstone)
redis.call('XDEL', log, target .. '-0')
return {place.seq, is_taken_back and 1 or 0}
