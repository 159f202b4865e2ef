#!lua
-- Removes the messages that a user said in a room since a time: appends one `removed` event, and replaces them in the log by their tombstones.
-- KEYS room, log, prefix of the shard's client ids, dirty, channel, tombstones, clock, client id in the form of the previous release
-- ARGV room name, author's id, time in ms, lowest seq of their messages since then in PostgreSQL ('' for none), seq up to which PostgreSQL was
--      read ('': all of it), prefix (JSON up to the seq), middle (JSON after at up to `from`), suffix (JSON after `from`), dedupe time in ms, client id
-- Returns {seq}; {} if the room must be restored first; 'none' without such a message; 'again' if messages may have moved to PostgreSQL since it was read.
local room, log, sent, dirty, channel, tombstones = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local clock, former, id = KEYS[7], KEYS[8], ARGV[10]
local name, author, since, lowest, read_up_to = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local prefix, middle, suffix, dedupe_ms = ARGV[6], ARGV[7], ARGV[8], tonumber(ARGV[9])

local state = redis.call('HMGET', room, 'run', 'epoch', 'seq', 'at', 'floor', 'born', 'recalled')
-- include: run-id
if state[1] ~= run then return {} end
local recalled = state[7]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
-- include: sent-ids
-- include: keep-sent
-- include: append-event
-- include: remove-messages
local ids = open_ids(sent, clock)
local known, is_open, newest = find_sent(ids, id, former, recalled)
if known and tonumber(known) > tonumber(state[6] or 0) then return {tonumber(known)} end
if read_up_to and tonumber(state[5]) > read_up_to + 1 then return redis.status_reply('again') end

local place = {
  key = room, log = log, dirty = dirty, channel = channel, name = name, fresh = {},
  epoch = state[2], seq = tonumber(state[3]), at = tonumber(state[4]),
}
each_said_by(log, author, '0', string.format('%.0f', place.seq + 1), since, function(entry)
  lowest = math.min(lowest or math.huge, tonumber(string.match(entry[1], '^%d+')))
end)
if not lowest then return redis.status_reply('none') end
local from = string.format('%.0f', lowest)
local seq_text = append_event(place, prefix, middle .. from .. suffix)
keep_sent(ids, id, seq_text, former, recalled, is_open, newest)
settle(place)
remove_messages(room, log, tombstones, author, from, seq_text)
return {place.seq}
