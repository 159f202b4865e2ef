-- Notes the reactions of a room that its log knows: a sorted set of `target emoji user`, whose score is twice the seq of the event that changed
-- it last, plus one if the reaction is there. Reactions follow their target, so the log knows those of each message from a certain seq on:
-- the room's field `noted` has that seq behind the run for which it holds.

local function note_reaction(notes, field, seq, is_on)
  redis.call('ZADD', notes, string.format('%.0f', seq * 2 + (is_on and 1 or 0)), field)
end

-- Notes the changes of an event that comes back into a log.
local function note_reactions(notes, event, seq)
  if string.sub(event, 1, 19) ~= '{"type":"reactions"' then return end
  local ok, parsed = pcall(cjson.decode, event)
  if not ok or type(parsed.changes) ~= 'table' then return end
  for _, change in ipairs(parsed.changes) do
    local place = string.format('%.0f', change.target) .. ' ' .. change.emoji .. ' '
    for _, user in ipairs(change.on) do note_reaction(notes, place .. user, seq, true) end
    for _, user in ipairs(change.off) do note_reaction(notes, place .. user, seq, false) end
  end
end

-- @param noted and of_run: fields of the room. @returns the seq from which on the log knows all reactions of a message; nil if it is not known.
local function noted_from(noted, of_run)
  local mark, from = string.match(noted or '', '^(%S+) (%d+)$')
  if mark and mark == string.sub(of_run or '', 1, 12) then return tonumber(from) end
end

local function noted_text(of_run, from) return string.sub(of_run, 1, 12) .. ' ' .. string.format('%.0f', from) end
