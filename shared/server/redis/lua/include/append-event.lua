-- Appends an event: its seq and time, the log, the mark for the worker, its client id, the bus. Owns the order of these steps.
-- Reads the locals room, log, dirty, channel, name, prefix, suffix, id, former, state (its 2nd to 4th: epoch, seq, at), now (Redis'
-- clock in ms) and those of sent-ids.lua and keep-sent.lua; sets seq and seq_text.
local seq = tonumber(state[3]) + 1
local seq_text = string.format('%.0f', seq)
local at_text = string.format('%.0f', math.max(now, tonumber(state[4])))
local event = prefix .. seq_text .. ',"at":' .. at_text .. suffix
redis.call('XADD', log, seq_text .. '-0', state[2], event)
-- Two minutes early, so that a gateway of the previous release checks the clock before it appends, and recalls client ids.
redis.call('HSET', room, 'seq', seq_text, 'at', at_text, 'seen', string.format('%.0f', now - 120000))
redis.call('HSETNX', dirty, name, at_text)
redis.call('HINCRBY', dirty, 'n:' .. name, 1)
keep_sent(id, seq_text, former)
redis.call('SPUBLISH', channel, state[2] .. ' ' .. seq_text .. ' ' .. event)
