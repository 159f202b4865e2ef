#!lua
-- Appends events to rooms: dedupes, assigns the seqs, logs, marks for the worker, remembers the client ids, publishes. A failure
-- of one event is its own.
-- KEYS for each event: room, log, prefix of the shard's client ids, dirty, channel, clock, client id in the form of the previous release; then
-- for each event that mentions somebody its shard's mentions
-- ARGV dedupe time in ms, number of those, then for each event: room name, prefix (JSON up to the seq), suffix (JSON after at), client id; then
-- for each that mentions somebody: its place, author, ids
-- Returns for each event {seq, 1 if fresh or 0 if the client id was known}; {} if the room must be restored first, or if client ids
-- from before a jump of the clock must be recalled, because they expire by the clock; {error} if Redis refused a command.
local dedupe_ms, mentioning = tonumber(ARGV[1]), tonumber(ARGV[2])
local KEYS_EACH, ARGS_EACH = 7, 4

-- include: run-id
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
-- include: sent-ids
-- include: keep-sent
-- include: recall
-- include: append-event
-- include: note-mentions

local rooms, order, shards = {}, {}, {}

local function error_of(failure) return {type(failure) == 'table' and failure.err or tostring(failure)} end

-- Reads a room, and the notes of its shard, at its first event of this call.
-- @param k place before its keys.
local function open_room(k, name)
  local key, clock = KEYS[k + 1], KEYS[k + 6]
  local state = redis.call('HMGET', key, 'run', 'epoch', 'seq', 'at', 'born', 'recalled')
  if state[1] ~= run then return {fresh = {}} end
  local ids = shards[clock] or open_ids(KEYS[k + 3], clock)
  shards[clock] = ids
  if must_recall(ids, state[6]) then return {fresh = {}} end
  return {
    key = key, log = KEYS[k + 2], dirty = KEYS[k + 4], channel = KEYS[k + 5], name = name, ids = ids, fresh = {},
    epoch = state[2], seq = tonumber(state[3]), at = tonumber(state[4]), born = tonumber(state[5] or 0), recalled = state[6],
  }
end

local function append(k, a)
  local key, former, id = KEYS[k + 1], KEYS[k + 7], ARGV[a + 4]
  local room = rooms[key]
  if not room then
    room = open_room(k, ARGV[a + 1])
    rooms[key] = room
    order[#order + 1] = room
  end
  if not room.key then return {} end
  local known, is_open, newest = find_sent(room.ids, id, former, room.recalled)
  -- A seq of an earlier room of this name does not count.
  if known and tonumber(known) > room.born then
    -- The time starts again, because this answer may be lost too, and a person may resend late.
    keep_sent(room.ids, id, known, former, room.recalled, is_open, newest)
    return {tonumber(known), 0}
  end
  local seq_text = append_event(room, ARGV[a + 2], ARGV[a + 3])
  keep_sent(room.ids, id, seq_text, former, room.recalled, is_open, newest)
  return {room.seq, 1}
end

local replies, room_of = {}, {}
for i = 0, (#KEYS - mentioning) / KEYS_EACH - 1 do
  local ok, reply = pcall(append, i * KEYS_EACH, 2 + i * ARGS_EACH)
  replies[i + 1] = ok and reply or error_of(reply)
  room_of[i + 1] = rooms[KEYS[i * KEYS_EACH + 1]]
end
note_mentions(mentioning, replies, room_of)
for _, room in ipairs(order) do
  local ok, failure = pcall(settle, room)
  if not ok then room.failure = error_of(failure) end
end
for i, room in pairs(room_of) do replies[i] = room.failure or replies[i] end
return replies
