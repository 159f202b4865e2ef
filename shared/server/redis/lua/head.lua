#!lua flags=no-writes
-- Tells where some rooms of one shard stand: the check that finds a silent bus and a Redis that was restarted.
-- KEYS rooms
-- Returns for each {run is current, epoch, seq, stored}, or {} without a room, or where the key holds something else.
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
