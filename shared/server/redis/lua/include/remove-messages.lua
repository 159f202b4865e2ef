-- Removes the messages of an author from a room's log, each for its tombstone, and notes the removal in the room's hash, by which history
-- hides those that only PostgreSQL has, until the worker has blanked them (commit.lua). delete.lua cuts a message in the same way.
local REMOVALS_MAX, PAGE_ENTRIES = 100, 500

-- @returns the entry's event if it is a living message of the author.
local function said_by(entry, mark)
  local event = entry[2][2]
  if string.sub(event, 1, 17) ~= '{"type":"message"' or string.sub(event, -16) == ',"deleted":true}' then return nil end
  -- The author comes before everything that a person wrote.
  local author = string.find(event, '"user":{"id":"', 1, true)
  if author and string.sub(event, author, author + #mark - 1) == mark then return event end
  return nil
end

-- Calls `each(entry, event)` with the author's messages from a seq up to another one, exclusive, newest first. `since_ms`: stops at
-- the first entry that is older, because times do not decrease; nil: does not look at times.
local function each_said_by(log, author, from, below, since_ms, each)
  local mark, top = '"user":{"id":"' .. author .. '"', '(' .. below .. '-0'
  repeat
    local page = redis.call('XREVRANGE', log, top, from .. '-0', 'COUNT', PAGE_ENTRIES)
    for _, entry in ipairs(page) do
      if since_ms and tonumber(string.match(entry[2][2], '"at":(%d+)') or 0) < since_ms then return end
      local event = said_by(entry, mark)
      if event then each(entry, event) end
    end
    top = #page > 0 and '(' .. page[#page][1]
  until #page < PAGE_ENTRIES
end

-- @param seq of the removal, as text, as `from` is.
local function remove_messages(room, log, tombstones, author, from, seq)
  each_said_by(log, author, from, seq, nil, function(entry, event)
    local cut = string.find(event, ',"text":"', 1, true)
    local left = (cut and string.sub(event, 1, cut - 1) or string.sub(event, 1, -2)) .. ',"deleted":true}'
    redis.call('ZADD', tombstones, string.match(entry[1], '^%d+'), seq .. ' ' .. entry[2][1] .. ' ' .. left)
    redis.call('XDEL', log, entry[1])
  end)
  local noted = seq .. ' ' .. from .. ' ' .. author .. ';'
  local count = 1
  for each in string.gmatch(redis.call('HGET', room, 'removals') or '', '[^;]+;') do
    count = count + 1
    if count <= REMOVALS_MAX then noted = noted .. each end
  end
  redis.call('HSET', room, 'removals', noted)
end
