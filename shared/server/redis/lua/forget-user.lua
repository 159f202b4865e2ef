#!lua
-- Forgets a user whose row in PostgreSQL is about to change, and whatever is on its way here from before the change.
-- KEYS state, changes
-- ARGV life of the mark in ms: longer than any answer of PostgreSQL is under way
redis.call('DEL', KEYS[1])
redis.call('SET', KEYS[2], table.concat(redis.call('TIME'), '.'), 'PX', ARGV[1])
return 1
