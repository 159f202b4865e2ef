#!lua
-- Adds reads of a user to those that Redis has; the further one of two positions counts. Announces nothing.
-- KEYS reads of the user
-- ARGV run of Redis before PostgreSQL was asked for all of them, or '', time in ms after which Redis forgets them, then for each room: name, seq
-- Returns 1.
local key = KEYS[1]
for i = 3, #ARGV, 2 do
  local known = redis.call('HGET', key, ARGV[i])
  if not known or tonumber(known) < tonumber(ARGV[i + 1]) then redis.call('HSET', key, ARGV[i], ARGV[i + 1]) end
end
if ARGV[1] ~= '' then redis.call('HSET', key, '*', ARGV[1]) end
redis.call('PEXPIRE', key, ARGV[2])
return 1
