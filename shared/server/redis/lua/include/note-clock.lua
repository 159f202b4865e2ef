-- Notes Redis' clock, so that a jump of it is noticed, and whether gateways of the previous release are running: they note
-- it without a fraction, or not at all, and do not mark their renewals. sent-ids.lua explains the end of `jumped`.
-- Reads the local now (Redis' clock in ms).
local SILENCE_MS = 60000

local function hears_former(leases, renewals, last, renewal)
  if last and not string.find(last, '.', 1, true) then return true end
  -- Reads the renewals of all instances, so only now and then.
  if renewal % 8 ~= 1 then return false end
  local instances = redis.call('ZRANGE', leases, 0, -1)
  if #instances == 0 then return false end
  for _, mark in ipairs(redis.call('HMGET', renewals, unpack(instances))) do
    if not mark or not string.find(mark, 'n', 1, true) then return true end
  end
  return false
end

local function note_clock(leases, renewals, clock, renewal)
  local noted = redis.call('HMGET', clock, 'last', 'jumped', 'heard')
  local now_text = string.format('%.0f', now)
  local jump, since = string.match(noted[2] or '', '^(%d*)n?(%d*)$')
  -- Without a note of the clock the previous release may have written its form.
  local heard = tonumber(noted[3] or now - SILENCE_MS)
  if hears_former(leases, renewals, noted[1], renewal) then heard = now end
  if noted[1] and math.abs(now - tonumber(noted[1])) > 60000 then
    -- The clock was set, or no gateway renewed its lease for a minute.
    jump, since, heard = now_text, '0', now
  elseif heard >= tonumber(since ~= '' and since or 0) and now - heard >= SILENCE_MS then
    jump, since = jump ~= '' and jump or '0', now_text
  end
  redis.call('HSET', clock, 'last', now_text .. '.0', 'heard', string.format('%.0f', heard))
  if since ~= '' then redis.call('HSET', clock, 'jumped', jump .. 'n' .. since) end
end
