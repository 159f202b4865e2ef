#!lua
-- Decides whether users may send messages now. Counts each (room, client id) once, even if it is sent again. A failure of one decision is
-- its own.
-- KEYS for each message: state, recent, strikes, changes (all of one user), slow (of the user in this room), rooms
-- ARGV rules (1 or 0), messages a second, burst, mutes in ms ('a,b,c': the first, second and every later strike), memory of counted ids in ms,
--      window of the spam rule in ms, then for each message: room, client id, fingerprint of the folded text, text, spam rule applies (1 or 0),
--      slow mode of the room in ms, mark of the client id (the first byte of its SHA-1)
-- Returns for each {decision, nickname, role, wait in ms, until, reason, version}; decisions: ok, warn, too_fast, slow_mode, spam, muted;
-- {'unknown', run, mark of the newest change}, as find-user.lua, for a user who is not known in this run of Redis; {'failed', error} if Redis
-- refused a command. Slow mode does not apply to moderators.
local KEYS_EACH, ARGS_EACH, SHARED = 6, 7, 6
local rules, per_second, burst, mutes = ARGV[1] == '1', tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4]
local counted_ms, window_ms = tonumber(ARGV[5]), tonumber(ARGV[6])
local HOUR_MS, DAY_MS = 3600000, 86400000
-- How many of a user's last messages are kept, and a few more, because trimming costs as much as adding; so many are compared, besides the newest.
local KEPT, ALIKE = 50, 3

-- include: run-id
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local now_text = string.format('%.0f', now)

-- The mark of the newest change of a user who is not known.
local function mark_changes(changes)
  local mark = redis.call('GET', changes)
  if not mark then
    mark = table.concat(time, '.')
    redis.call('SET', changes, mark, 'PX', DAY_MS)
  end
  return mark
end

-- include: recent-messages

-- Strikes expire after a day without another one. Returns the length of the mute and its end.
local function strike(state, strikes)
  local count = redis.call('INCR', strikes)
  redis.call('PEXPIRE', strikes, DAY_MS)
  local mute_ms
  for each in string.gmatch(mutes, '%d+') do
    if count > 0 then mute_ms = tonumber(each) end
    count = count - 1
  end
  redis.call('HSET', state, 'reason', 'spam', 'until', string.format('%.0f', now + mute_ms))
  redis.call('PEXPIRE', state, mute_ms + DAY_MS)
  return mute_ms, now + mute_ms
end

-- @param k and a: places before the keys and the arguments of the message.
local function decide(k, a)
  local state, recent, slow = KEYS[k + 1], KEYS[k + 2], KEYS[k + 5]
  local room, client_id, fingerprint, slow_ms, mark = ARGV[a + 1], ARGV[a + 2], ARGV[a + 3], tonumber(ARGV[a + 6]), ARGV[a + 7]

  local user = redis.call('HMGET', state, 'nickname', 'role', 'reason', 'until', 'run', 'version', 'marks', 'markedAt', 'tokens', 'spentAt')
  if user[5] ~= run then return {'unknown', run, mark_changes(KEYS[k + 4])} end
  local until_ms = tonumber(user[4] or 0)
  if until_ms > now then return {'muted', user[1], user[2], until_ms - now, until_ms, user[3]} end

  -- A message was counted if it is among the user's last ones. One byte of each (`marks`) tells which of them it may be, without
  -- a read of them all. The bytes are computed again when a gateway of the previous release added an entry on top.
  local newest = redis.call('LRANGE', recent, 0, rules and ALIKE or 0)
  local newest_at = newest[1] and string.match(newest[1], '^%d+')
  local marks = newest_at == (user[8] or nil) and (user[7] or '') or marks_of(recent)
  if was_counted(recent, marks, mark, ' ' .. room .. ' ' .. client_id .. ' ') then return {'ok', user[1], user[2]} end

  local slowed = slow_ms > 0 and user[2] == 'user'
  if slowed then
    local wait = redis.call('PTTL', slow)
    if wait > 0 then return {'slow_mode', user[1], user[2], math.min(wait, slow_ms)} end
  end

  local decision, tokens = 'ok', burst
  if rules then
    local spent_at = tonumber(user[10] or now)
    -- A bucket with a future time is ignored, because the clock was set back.
    if spent_at <= now then
      tokens = math.min(burst, tonumber(user[9] or burst) + (now - spent_at) * per_second / 1000)
    end
    if tokens < 1 then return {'too_fast', user[1], user[2], math.ceil((1 - tokens) * 1000 / per_second)} end
    local alike = ARGV[a + 5] == '1' and count_alike(newest, fingerprint) or 0
    if alike >= 3 then
      local mute_ms, muted_until = strike(state, KEYS[k + 3])
      return {'spam', user[1], user[2], mute_ms, muted_until, 'spam', tonumber(user[6])}
    end
    if alike == 2 then decision = 'warn' end
    tokens = tokens - 1
  end

  if slowed then redis.call('SET', slow, '1', 'PX', slow_ms) end
  redis.call('HSET', state, 'marks', mark .. string.sub(marks, 1, 49), 'markedAt', now_text, 'tokens', tostring(tokens), 'spentAt', now_text)
  note_room(KEYS[k + 6], newest[1], room)
  local kept = redis.call('LPUSH', recent, now_text .. ' ' .. fingerprint .. ' ' .. room .. ' ' .. client_id .. ' ' .. ARGV[a + 4])
  if kept >= KEPT + 16 then redis.call('LTRIM', recent, 0, KEPT - 1) end
  -- The life of the list starts again with the first message of an hour.
  if not newest_at or math.floor(newest_at / HOUR_MS) ~= math.floor(now / HOUR_MS) then redis.call('PEXPIRE', recent, DAY_MS) end
  return {decision, user[1], user[2]}
end

local replies = {}
for i = 0, #KEYS / KEYS_EACH - 1 do
  local ok, reply = pcall(decide, i * KEYS_EACH, SHARED + i * ARGS_EACH)
  replies[i + 1] = ok and reply or {'failed', type(reply) == 'table' and reply.err or tostring(reply)}
end
return replies
