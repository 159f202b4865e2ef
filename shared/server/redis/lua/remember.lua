#!lua
-- Remembers client ids again that are known from elsewhere; what Redis knows already is right.
-- KEYS a `sent` key for each
-- ARGV dedupe time in ms, then the seq of each
for i, sent in ipairs(KEYS) do redis.call('SET', sent, ARGV[i + 1], 'PX', ARGV[1], 'NX') end
return #KEYS
