#!lua flags=no-writes
-- Reads the positions of some rooms of one shard, by which gateways detect a silent bus and a restarted Redis.
-- KEYS rooms
-- Returns for each {1 if the run is current, 2 if the room left in this run, otherwise 0, epoch, seq, stored, 1 if reactions are gathered}, or {} if there is no room or the key has another type.
-- include: run-id
local away = 'away' .. string.sub(run, 1, 12)
local heads = {}
for i, room in ipairs(KEYS) do
  local state = redis.pcall('HMGET', room, 'run', 'epoch', 'seq', 'stored', 'reacting')
  if not state.err and state[1] then
    heads[i] = {state[1] == run and 1 or state[1] == away and 2 or 0, state[2], state[3], state[4], state[5] and 1 or 0}
  else
    heads[i] = {}
  end
end
return heads
