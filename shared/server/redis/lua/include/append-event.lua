-- Appends an event: its seq and time, the log, the mark for the worker, its client id, the bus. Owns the order of these steps.
-- Reads the locals room, log, sent, dirty, channel, name, prefix, suffix, dedupe_ms, state (its 2nd to 4th: epoch, seq, at) and
-- now (Redis' clock in ms); sets seq and seq_text.
local seq = tonumber(state[3]) + 1
local seq_text = string.format('%.0f', seq)
local at_text = string.format('%.0f', math.max(now, tonumber(state[4])))
local event = prefix .. seq_text .. ',"at":' .. at_text .. suffix
redis.call('XADD', log, seq_text .. '-0', state[2], event)
redis.call('HSET', room, 'seq', seq_text, 'at', at_text)
redis.call('HSETNX', dirty, name, at_text)
redis.call('HINCRBY', dirty, 'n:' .. name, 1)
redis.call('SET', sent, seq_text, 'PX', dedupe_ms)
redis.call('SPUBLISH', channel, state[2] .. ' ' .. seq_text .. ' ' .. event)
