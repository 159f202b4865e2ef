-- Looks up the client ids of a shard that have a seq, remembered for 1 to 1.5 times `dedupe_ms`. They lie in slices of time
-- and in buckets: each bucket is a hash that expires as a whole, small enough for Redis' compact form. A slice has as many
-- buckets as the previous one needed. The form of the previous release is written too while one of its gateways is running,
-- and read while one may have written.
-- Reads the locals dedupe_ms and now (Redis' clock in ms).
local slice_ms = dedupe_ms / 2
local slice = math.floor(now / slice_ms)
local OTHER_SLICES = {slice - 1, slice - 2, slice + 1}

-- Reads once what all client ids of a shard share.
-- @param sent prefix of their keys. @param clock key of the shard's notes.
local function open_ids(sent, clock)
  local noted = redis.call('HMGET', clock, 'last', 'jumped', 'heard', 'b0', 'b1', 'b2', 'b3')
  local ids = {sent = sent, clock = clock, last = noted[1], jumped = noted[2], buckets = {}}
  -- Number of buckets by slice. A slice above the current one exists if the clock was set back a little.
  for i = 4, 7 do
    local of, count = string.match(noted[i] or '', '^(%d+) (%d+)$')
    if of then ids.buckets[tonumber(of)] = tonumber(count) end
  end
  -- Gateways of this release end `last` with a fraction, and `jumped` with the time since when no gateway of the previous
  -- release was noticed. One that comes back after that has to recall client ids before it appends.
  ids.both = ids.last and not string.find(ids.last, '.', 1, true)
    or tonumber(noted[3] or 0) >= tonumber(string.match(ids.jumped or '', 'n(%d+)$') or 0)
  ids.lately = now - tonumber(noted[3] or now) < 2 * dedupe_ms
  return ids
end

-- @param recalled the room's field. @returns whether the form of the previous release is written too.
local function by_both(ids, recalled) return ids.both or ids.jumped == recalled end

local function bucket_of(ids, id, of)
  local first, second = string.byte(id, 1, 2)
  return ids.sent .. string.format('%d:%d', of, (first * 256 + second) % ids.buckets[of])
end

-- @param former key of the id in the form of the previous release.
-- @returns the seq, whether the id's newest bucket exists, and the seq in that bucket.
local function find_sent(ids, id, former, recalled)
  local is_open, newest = false, false
  if ids.buckets[slice] then
    local found = redis.call('HMGET', bucket_of(ids, id, slice), id, 's')
    newest, is_open = found[1], found[2]
    if newest then return newest, is_open, newest end
  end
  for _, of in ipairs(OTHER_SLICES) do
    local found = ids.buckets[of] and redis.call('HGET', bucket_of(ids, id, of), id)
    if found then return found, is_open, newest end
  end
  local seq = (by_both(ids, recalled) or ids.lately) and redis.call('GET', former) or nil
  return seq, is_open, newest
end
