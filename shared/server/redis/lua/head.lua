#!lua flags=no-writes
-- Reads the positions of some rooms of one shard, by which gateways detect a silent bus and a restarted Redis.
-- KEYS rooms
-- Returns for each {run is current, epoch, seq, stored}, or {} if there is no room or the key has another type.
-- include: run-id
local heads = {}
for i, room in ipairs(KEYS) do
  local state = redis.pcall('HMGET', room, 'run', 'epoch', 'seq', 'stored')
  if not state.err and state[1] then
    heads[i] = {state[1] == run and 1 or 0, state[2], state[3], state[4]}
  else
    heads[i] = {}
  end
end
return heads
