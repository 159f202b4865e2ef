-- Must follow sent-ids.lua.
-- @param ids of the room's shard. @param recalled the room's field.
-- @returns whether the clock was set, because the client ids of the room must be recalled first then. The clock is noted twice
-- a second.
local function must_recall(ids, recalled)
  if ids.last and math.abs(now - tonumber(ids.last)) > 60000 then
    local now_text = string.format('%.0f', now)
    -- Keeps the form of the last note, so that a gateway of the previous release is still noticed.
    ids.last = now_text .. (string.match(ids.last, '%.%d+$') or '')
    ids.jumped = now_text .. 'n0'
    redis.call('HSET', ids.clock, 'last', ids.last, 'jumped', ids.jumped, 'heard', now_text)
  end
  local jump = string.match(ids.jumped or '', '^%d+') or '0'
  return jump ~= '0' and jump ~= string.match(recalled or '', '^%d+')
end
