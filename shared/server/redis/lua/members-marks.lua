#!lua flags=no-writes
-- Reads the marks of the newest changes of rooms' members. Each has the run of Redis, because another run may lack a change.
-- KEYS marks
-- Returns for each the run and the mark, which is empty if nothing changed lately.
-- include: run-id
local marks = {}
for i, key in ipairs(KEYS) do
  marks[i] = run .. ' ' .. (redis.call('GET', key) or '')
end
return marks
