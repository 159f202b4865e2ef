-- Returns {} if the clock was set, because the client ids of the room must be recalled first. The clock is noted twice a second.
-- Must follow sent-ids.lua.
if last and math.abs(now - tonumber(last)) > 60000 then
  local now_text = string.format('%.0f', now)
  -- Keeps the form of the last note, so that a gateway of the previous release is still noticed.
  local fraction = string.match(last, '%.%d+$') or ''
  jumped = now_text .. 'n0'
  redis.call('HSET', clock, 'last', now_text .. fraction, 'jumped', jumped, 'heard', now_text)
end
local jump = string.match(jumped or '', '^%d+') or '0'
if jump ~= '0' and jump ~= string.match(recalled or '', '^%d+') then return {} end
