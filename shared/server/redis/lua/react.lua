#!lua
-- Gathers reactions of people until append-reactions.lua appends them: of each person, message and emoji the latest counts. A failure of
-- one is its own.
-- KEYS for each: room, log, tombstones, reacting, emojis, notes (all of the room), pace of the user
-- ARGV reactions a second (0: any number), burst, max emojis of a message, max gathered changes, then for each: message, emoji, user, 1 if it is
--      to be there or 0, try ('first', 'next' or 'again': gathered before and maybe lost since), PostgreSQL's answer about a message that the
--      log does not know enough of ('': not asked; 'none': no such message; 1 if the reaction is there or 0), the emojis it has there
-- Returns for each {'ok', epoch}, {'restore'} if the room must be restored first, {'archived'} if PostgreSQL must be asked, {'absent'},
-- {'full'} if the message has too many emojis, {'busy'} if too much is gathered, {'too_fast', wait in ms}, {'failed', error}.
local KEYS_EACH, ARGS_EACH, SHARED = 7, 7, 4
local per_second, burst, max_emojis, max_gathered = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local PACE_MS = 60000

-- include: run-id
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
-- include: note-reactions

-- Takes a token of the user. @returns the wait in ms; nil if there was one.
local function spend(pace)
  if per_second == 0 then return nil end
  local tokens, at = string.match(redis.call('GET', pace) or '', '^(%S+) (%d+)$')
  local left = burst
  -- A bucket with a future time is ignored, because the clock was set back.
  if at and tonumber(at) <= now then left = math.min(burst, tonumber(tokens) + (now - at) * per_second / 1000) end
  if left < 1 then return math.ceil((1 - left) * 1000 / per_second) end
  redis.call('SET', pace, string.format('%.3f %.0f', left - 1, now), 'PX', PACE_MS)
end

-- Adds the emoji to those of the message. @param archived those in PostgreSQL. @returns whether it has too many.
local function is_full(emojis, target, emoji, archived)
  local known = redis.call('ZRANGEBYSCORE', emojis, target, target)
  if #known == 0 then
    for each in string.gmatch(archived, '%S+') do
      known[#known + 1] = target .. ' ' .. each
      redis.call('ZADD', emojis, target, target .. ' ' .. each)
    end
  end
  local member = target .. ' ' .. emoji
  for _, each in ipairs(known) do
    if each == member then return false end
  end
  if #known >= max_emojis then return true end
  redis.call('ZADD', emojis, target, member)
  return false
end

-- @param k and a: places before the keys and the arguments.
local function react(k, a)
  local room, log, tombstones, reacting, emojis = KEYS[k + 1], KEYS[k + 2], KEYS[k + 3], KEYS[k + 4], KEYS[k + 5]
  local target, emoji, user, wanted, attempt = ARGV[a + 1], ARGV[a + 2], ARGV[a + 3], ARGV[a + 4], ARGV[a + 5]
  local archived, archived_emojis = ARGV[a + 6], ARGV[a + 7]
  local state = redis.call('HMGET', room, 'run', 'epoch', 'floor', 'noted', 'seq')
  if state[1] ~= run then return {'restore'} end
  if attempt == 'first' then
    local wait = spend(KEYS[k + 7])
    if wait then return {'too_fast', wait} end
  end

  local entry = redis.call('XRANGE', log, target .. '-0', target .. '-0')[1]
  if entry then
    local event = entry[2][2]
    if string.sub(event, 1, 17) ~= '{"type":"message"' or string.sub(event, -16) == ',"deleted":true}' then return {'absent'} end
  elseif tonumber(target) >= tonumber(state[3]) or #redis.call('ZRANGEBYSCORE', tombstones, target, target) > 0 then
    return {'absent'}
  elseif archived == 'none' then
    return {'absent'}
  end
  local from = noted_from(state[4], run)
  local is_known = entry and from and tonumber(target) >= from
  if not is_known and archived == '' then return {'archived'} end

  local field = target .. ' ' .. emoji .. ' ' .. user
  if redis.call('HLEN', reacting) >= max_gathered and redis.call('HEXISTS', reacting, field) == 0 then return {'busy'} end
  if wanted == '1' and is_full(emojis, target, emoji, archived_emojis) then return {'full'} end
  local value = wanted .. ((archived == '0' or archived == '1') and archived or '')
  redis.call(attempt == 'again' and 'HSETNX' or 'HSET', reacting, field, value)
  redis.call('HSET', room, 'reacting', '1')
  return {'ok', state[2]}
end

local replies = {}
for i = 0, #KEYS / KEYS_EACH - 1 do
  local ok, reply = pcall(react, i * KEYS_EACH, SHARED + i * ARGS_EACH)
  replies[i + 1] = ok and reply or {'failed', type(reply) == 'table' and reply.err or tostring(reply)}
end
return replies
