-- Notes the fresh events of a call that mention somebody in the streams of their shards, from which gateways learn of them. PostgreSQL has
-- them for good once the worker has the event, so a stream reaches back no further than a worker is late.
-- Reads the local now (Redis' clock in ms). append.lua describes the keys and arguments.
local MENTIONS_MS, MENTIONS_MAX = 900000, 5000

-- @param replies of the events, and their rooms. A note that Redis refuses fails its event, which is appended: it is not noted when it comes again.
local function note_mentions(count, replies, rooms)
  for i = 1, count do
    local stream, a = KEYS[#KEYS - count + i], #ARGV - (count - i + 1) * 3
    local place = tonumber(ARGV[a + 1])
    local room, reply = rooms[place], replies[place]
    if reply[2] == 1 then
      local seq = string.format('%.0f', reply[1])
      local ok, failure = pcall(redis.call, 'XADD', stream, 'MAXLEN', '~', MENTIONS_MAX, '*',
        'room', room.name, 'seq', seq, 'at', string.format('%.0f', room.at), 'by', ARGV[a + 2], 'ids', ARGV[a + 3])
      if ok then
        redis.call('XTRIM', stream, 'MINID', '~', string.format('%.0f', now - MENTIONS_MS))
        redis.call('PEXPIRE', stream, MENTIONS_MS)
      else
        replies[place] = {type(failure) == 'table' and failure.err or tostring(failure)}
      end
    end
  end
end
