#!lua flags=no-writes
-- Reads the new entries of streams of mentions.
-- KEYS the stream of each shard
-- ARGV max entries of each, then for each stream the id of the newest entry that the caller has, or '' for none
-- Returns for each stream with news {its place, entries}, oldest first. A stream whose newest entry is older than the caller's was made again
-- after a loss or a jump of the clock, so it is read from its start.
local function parts(id)
  local ms, count = string.match(id, '^(%d+)-(%d+)$')
  return tonumber(ms), tonumber(count)
end

local function is_newer(id, known)
  local ms, count = parts(id)
  local known_ms, known_count = parts(known)
  return ms > known_ms or ms == known_ms and count > known_count
end

local news = {}
for i, stream in ipairs(KEYS) do
  local known, newest = ARGV[i + 1], redis.call('XREVRANGE', stream, '+', '-', 'COUNT', 1)[1]
  if newest and newest[1] ~= known then
    local from = known ~= '' and is_newer(newest[1], known) and '(' .. known or '-'
    news[#news + 1] = {i, redis.call('XRANGE', stream, from, '+', 'COUNT', ARGV[1])}
  end
end
return news
