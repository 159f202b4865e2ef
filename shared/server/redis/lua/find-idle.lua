#!lua flags=no-writes
-- Finds rooms of one shard in which nobody said anything lately.
-- KEYS rooms
-- ARGV time in ms; the newest event of an idle room is older
-- Returns for each room the time of its newest event, or -1 if it is not idle, not in Redis, or must be restored.
-- include: run-id
local times = {}
for i, room in ipairs(KEYS) do
  local state = redis.pcall('HMGET', room, 'run', 'at')
  local at = not state.err and state[1] == run and tonumber(state[2] or 0)
  times[i] = at and at < tonumber(ARGV[1]) and at or -1
end
return times
