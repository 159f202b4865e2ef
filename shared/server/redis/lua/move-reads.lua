#!lua
-- Moves the reads of users forward, marks them for the worker, and announces those that moved in one message. Safe to repeat.
-- KEYS count of announced reads, channel; then for each move: reads of the user, moved reads of the shard
-- ARGV time in ms after which Redis forgets reads, max rooms of a user, max moved reads of a shard; then for each move: user, room, seq
-- Returns the number of moves that were any.
local KEYS_EACH, ARGS_EACH, SHARED = 2, 3, 3
local forget_ms, max_rooms, max_moved = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local moved = {}
for i = 0, #ARGV / ARGS_EACH - 2 do
  local reads, pending = KEYS[3 + i * KEYS_EACH], KEYS[4 + i * KEYS_EACH]
  local user, room, seq = ARGV[SHARED + i * ARGS_EACH + 1], ARGV[SHARED + i * ARGS_EACH + 2], ARGV[SHARED + i * ARGS_EACH + 3]
  local known = redis.call('HGET', reads, room)
  local is_new = not known and redis.call('HLEN', reads) < max_rooms
  if is_new or known and tonumber(known) < tonumber(seq) then
    redis.call('HSET', reads, room, seq)
    redis.call('PEXPIRE', reads, forget_ms)
    local field = user .. ' ' .. room
    if redis.call('HLEN', pending) < max_moved or redis.call('HEXISTS', pending, field) == 1 then redis.call('HSET', pending, field, seq) end
    moved[#moved + 1] = user .. ' ' .. room .. ' ' .. seq
  end
end
if #moved > 0 then
  local count = redis.call('INCR', KEYS[1])
  redis.call('SPUBLISH', KEYS[2], string.format('%.0f', count) .. ' ' .. table.concat(moved, ' '))
end
return #moved
