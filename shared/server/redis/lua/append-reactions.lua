#!lua
-- Appends the gathered reactions of a room (react.lua) as one event, at most one in a while, whoever calls it. The event has real changes
-- only, so that readers may count them: a reaction that is there already, or belongs to a deleted message, is dropped.
-- KEYS room, log, dirty, channel, tombstones, reacting, notes, emojis
-- ARGV room name, prefix (JSON up to the seq), end (JSON after the changes), min time between two events in ms, max changes of one
-- Returns {epoch, how many changes are left, time in ms until the next event may come}; {} if the room must be restored first.
local room, log, dirty, channel, tombstones = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local reacting, notes, emojis = KEYS[6], KEYS[7], KEYS[8]
local name, prefix, ending, pause_ms, max = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
-- So many pairs of message and emoji are remembered, of the newest messages.
local EMOJIS = 1000

local state = redis.call('HMGET', room, 'run', 'epoch', 'seq', 'at', 'floor', 'born', 'noted', 'reactedAt', 'expired')
-- include: run-id
if state[1] ~= run then return {} end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
-- include: append-event
-- include: note-reactions
local epoch, floor = state[2], tonumber(state[5])
local lowest = math.max(tonumber(state[6] or 0), tonumber(state[9] or 0))
local count = redis.call('HLEN', reacting)
if count == 0 then
  redis.call('HDEL', room, 'reacting')
  return {epoch, 0, 0}
end
local waited = now - tonumber(state[8] or 0)
-- A time in the future is ignored, because the clock was set back.
if waited >= 0 and waited < pause_ms then return {epoch, count, pause_ms - waited} end

local from = noted_from(state[7], run)
if not from then
  -- An older release opened the room: the log knows the reactions of messages from here on.
  from = tonumber(state[3]) + 1
  redis.call('DEL', notes)
  redis.call('HSET', room, 'noted', noted_text(run, from))
end
from = math.max(from, floor)

local dead = {}
local function is_gone(target)
  if dead[target] == nil then
    dead[target] = tonumber(target) <= lowest or #redis.call('ZRANGEBYSCORE', tombstones, target, target) > 0
  end
  return dead[target]
end
-- @returns whether the reaction is there; nil if nobody knows, and then it is a change.
local function is_there(field, target, archived)
  local score = redis.call('ZSCORE', notes, field)
  if score then return tonumber(score) % 2 == 1 end
  if tonumber(target) >= from then return false end
  if archived ~= '' then return archived == '1' end
end

local taken, groups, order = {}, {}, {}
local found = redis.call('HGETALL', reacting)
for i = 1, math.min(#found, 2 * max), 2 do
  local field, value = found[i], found[i + 1]
  local target, emoji, user = string.match(field, '^(%d+) (%S+) (%S+)$')
  taken[#taken + 1] = field
  local is_on = string.sub(value, 1, 1) == '1'
  if target and not is_gone(target) and is_there(field, target, string.sub(value, 2)) ~= is_on then
    local key = target .. ' ' .. emoji
    local group = groups[key]
    if not group then
      group = {target = target, emoji = emoji, on = {}, off = {}, fields = {}}
      groups[key] = group
      order[#order + 1] = group
    end
    local list = is_on and group.on or group.off
    list[#list + 1] = '"' .. user .. '"'
    group.fields[#group.fields + 1] = {field, is_on}
  end
end

if #order > 0 then
  local changes = {}
  for i, group in ipairs(order) do
    changes[i] = '{"target":' .. group.target .. ',"emoji":"' .. group.emoji .. '","on":[' .. table.concat(group.on, ',')
      .. '],"off":[' .. table.concat(group.off, ',') .. ']}'
  end
  local place = {
    key = room, log = log, dirty = dirty, channel = channel, name = name, fresh = {},
    epoch = epoch, seq = tonumber(state[3]), at = tonumber(state[4]),
  }
  append_event(place, prefix, ',"changes":[' .. table.concat(changes, ',') .. ending)
  settle(place)
  for _, group in ipairs(order) do
    for _, each in ipairs(group.fields) do note_reaction(notes, each[1], place.seq, each[2]) end
  end
  redis.call('HSET', room, 'reactedAt', string.format('%.0f', now))
end
for _, field in ipairs(taken) do redis.call('HDEL', reacting, field) end
local left = redis.call('HLEN', reacting)
if left == 0 then redis.call('HDEL', room, 'reacting') end
-- PostgreSQL has what the log knows no more.
redis.call('ZREMRANGEBYSCORE', notes, '-inf', '(' .. string.format('%.0f', floor * 2))
redis.call('ZREMRANGEBYRANK', emojis, 0, -1 - EMOJIS)
return {epoch, left, #order > 0 and pause_ms or 0}
