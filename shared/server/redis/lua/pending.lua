#!lua flags=no-writes
-- Reads the dirty lists of some shards, by which the worker finds what PostgreSQL does not have yet.
-- KEYS dirty lists
-- Returns for each {room, time of its oldest pending event, how many there are, room, ...}.
local lists = {}
for i, dirty in ipairs(KEYS) do
  local marks = redis.call('HGETALL', dirty)
  local counts, list = {}, {}
  for n = 1, #marks, 2 do
    if string.sub(marks[n], 1, 2) == 'n:' then counts[string.sub(marks[n], 3)] = marks[n + 1] end
  end
  for n = 1, #marks, 2 do
    if string.sub(marks[n], 1, 2) ~= 'n:' then
      list[#list + 1] = marks[n]
      list[#list + 1] = marks[n + 1]
      list[#list + 1] = counts[marks[n]] or '0'
    end
  end
  lists[i] = list
end
return lists
