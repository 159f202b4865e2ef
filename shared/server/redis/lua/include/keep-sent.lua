-- Remembers client ids. Must follow sent-ids.lua.
local MIN_BUCKETS, MAX_BUCKETS, FILL, SAMPLES = 16, 4096, 64, 4

-- Opens a slice with so many buckets that the ids of the previous slice would fill them by half.
local function open_slice(ids)
  local count, before = MIN_BUCKETS, ids.buckets[slice - 1]
  if before then
    local kept = 0
    for i = 0, SAMPLES - 1 do
      kept = kept + redis.call('HLEN', ids.sent .. string.format('%.0f:%.0f', slice - 1, i)) * before / SAMPLES
    end
    while count < MAX_BUCKETS and kept > count * FILL do count = count * 2 end
  end
  ids.buckets[slice] = count
  redis.call('HSET', ids.clock, 'b' .. slice % 4, string.format('%.0f %.0f', slice, count))
end

-- @param is_open and newest: as find_sent returned them for this id.
local function keep_sent(ids, id, seq_text, former, recalled, is_open, newest)
  if not ids.buckets[slice] then open_slice(ids) end
  if is_open then
    if newest ~= seq_text then redis.call('HSET', bucket_of(ids, id, slice), id, seq_text) end
  else
    local bucket = bucket_of(ids, id, slice)
    redis.call('HSET', bucket, 's', '1', id, seq_text)
    redis.call('PEXPIRE', bucket, string.format('%.0f', (slice + 3) * slice_ms - now + 60000))
  end
  if by_both(ids, recalled) then redis.call('SET', former, seq_text, 'PX', string.format('%.0f', dedupe_ms)) end
end
