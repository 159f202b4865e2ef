#!lua
-- Decides whether a user may send a message now. Counts each (room, client id) once, even if it is sent again.
-- KEYS state, recent, rate, slow, strikes, changes (all of one user; slow: of the user in this room)
-- ARGV room, client id, fingerprint of the folded text, text, rules (1 or 0), spam rule applies (1 or 0), messages a second,
--      burst, mutes in ms ('a,b,c': the first, second and every later strike), memory of counted ids in ms, window of the
--      spam rule in ms, slow mode of the room in ms, mark of the client id (the first byte of its SHA-1)
-- Returns {decision, nickname, role, wait in ms, until, reason, version}; decisions: ok, warn, too_fast, slow_mode, spam, muted.
-- Returns {'unknown', run, mark of the newest change}, as find-user.lua, for a user who is not known in this run of Redis.
-- Slow mode does not apply to moderators.
local state, recent, rate, slow, strikes = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local room, client_id, fingerprint, text = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local rules, spam_rule = ARGV[5] == '1', ARGV[6] == '1'
local per_second, burst, mutes = tonumber(ARGV[7]), tonumber(ARGV[8]), ARGV[9]
local counted_ms, window_ms, slow_ms, mark = tonumber(ARGV[10]), tonumber(ARGV[11]), tonumber(ARGV[12]), ARGV[13]

local user = redis.call('HMGET', state, 'nickname', 'role', 'reason', 'until', 'run', 'version', 'marks', 'markedAt')
-- include: run-id
local time = redis.call('TIME')
if user[5] ~= run then
  local changes = redis.call('GET', KEYS[6])
  if not changes then
    changes = table.concat(time, '.')
    redis.call('SET', KEYS[6], changes, 'PX', 86400000)
  end
  return {'unknown', run, changes}
end
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local until_ms = tonumber(user[4] or 0)
if until_ms > now then return {'muted', user[1], user[2], until_ms - now, until_ms, user[3]} end

-- A message was counted if it is among the user's last ones. One byte of each (`marks`) usually shows that it is not, without
-- a read of them all. The bytes are computed again when a gateway of the previous release added an entry on top.
local newest = redis.call('LRANGE', recent, 0, 3)
local marks, marked_at = user[7] or '', user[8] or nil
local newest_at = newest[1] and string.match(newest[1], '^%d+')
if newest_at ~= marked_at then
  marks = ''
  for _, entry in ipairs(redis.call('LRANGE', recent, 0, -1)) do
    local first = string.sub(redis.sha1hex(string.match(entry, '^%d+ %x+ %S+ (%S+)') or ''), 1, 2)
    marks = marks .. string.char(tonumber(first, 16))
  end
end
if string.find(marks, mark, 1, true) then
  for _, entry in ipairs(redis.call('LRANGE', recent, 0, -1)) do
    local at, of, id = string.match(entry, '^(%d+) %x+ (%S+) (%S+)')
    if of == room and id == client_id and now - tonumber(at) < counted_ms then return {'ok', user[1], user[2]} end
  end
end

local slowed = slow_ms > 0 and user[2] == 'user'
if slowed then
  local wait = redis.call('PTTL', slow)
  if wait > 0 then return {'slow_mode', user[1], user[2], math.min(wait, slow_ms)} end
end

local decision = 'ok'
if rules then
  local bucket = redis.call('HMGET', rate, 'tokens', 'at')
  local at = tonumber(bucket[2] or now)
  -- A bucket with a future time is ignored, because the clock was set back.
  local tokens = burst
  if at <= now then tokens = math.min(burst, tonumber(bucket[1] or burst) + (now - at) * per_second / 1000) end
  if tokens < 1 then return {'too_fast', user[1], user[2], math.ceil((1 - tokens) * 1000 / per_second)} end

  if spam_rule then
    local alike = 0
    for _, entry in ipairs(newest) do
      local at, other = string.match(entry, '^(%d+) (%x+) ')
      if other == fingerprint and now - tonumber(at) <= window_ms then alike = alike + 1 end
    end
    if alike >= 3 then
      -- Strikes expire after a day without another one.
      local count = redis.call('INCR', strikes)
      redis.call('PEXPIRE', strikes, 86400000)
      local mute_ms
      for each in string.gmatch(mutes, '%d+') do
        if count > 0 then mute_ms = tonumber(each) end
        count = count - 1
      end
      until_ms = now + mute_ms
      redis.call('HSET', state, 'reason', 'spam', 'until', string.format('%.0f', until_ms))
      redis.call('PEXPIRE', state, mute_ms + 86400000)
      return {'spam', user[1], user[2], mute_ms, until_ms, 'spam', tonumber(user[6])}
    end
    if alike == 2 then decision = 'warn' end
  end
  redis.call('HSET', rate, 'tokens', tostring(tokens - 1), 'at', string.format('%.0f', now))
  redis.call('PEXPIRE', rate, math.ceil(burst * 1000 / per_second) + 1000)
end

if slowed then redis.call('SET', slow, '1', 'PX', slow_ms) end
local now_text = string.format('%.0f', now)
redis.call('HSET', state, 'marks', mark .. string.sub(marks, 1, 49), 'markedAt', now_text)
redis.call('LPUSH', recent, now_text .. ' ' .. fingerprint .. ' ' .. room .. ' ' .. client_id .. ' ' .. text)
redis.call('LTRIM', recent, 0, 49)
redis.call('PEXPIRE', recent, 86400000)
return {decision, user[1], user[2]}
