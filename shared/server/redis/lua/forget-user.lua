#!lua
-- Invalidates a user whose row in PostgreSQL is about to change, and all rows that were read before the change.
-- KEYS state, changes
-- ARGV life of the mark in ms: longer than any query of PostgreSQL takes
redis.call('DEL', KEYS[1])
redis.call('SET', KEYS[2], table.concat(redis.call('TIME'), '.'), 'PX', ARGV[1])
return 1
