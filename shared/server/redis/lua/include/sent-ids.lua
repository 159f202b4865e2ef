-- Looks up the client ids of a shard that have a seq, remembered for 1 to 1.5 times `dedupe_ms`. They lie in slices of time
-- and in buckets: each bucket is a hash that expires as a whole, small enough for Redis' compact form. A slice has as many
-- buckets as the previous one needed. The form of the previous release is written too while one of its gateways is running,
-- and read while one may have written.
-- Reads the locals sent (prefix of keys), clock (key), dedupe_ms, now (Redis' clock in ms) and recalled (of the room).
local slice_ms = dedupe_ms / 2
local slice = math.floor(now / slice_ms)
local noted = redis.call('HMGET', clock, 'last', 'jumped', 'heard', 'b0', 'b1', 'b2', 'b3')
local last, jumped, heard = noted[1], noted[2], noted[3]
-- Number of buckets by slice. A slice above the current one exists if the clock was set back a little.
local buckets = {}
for i = 4, 7 do
  local of, count = string.match(noted[i] or '', '^(%d+) (%d+)$')
  if of then buckets[tonumber(of)] = tonumber(count) end
end
-- Gateways of this release end `last` with a fraction, and `jumped` with the time since when no gateway of the previous
-- release was noticed. One that comes back after that has to recall client ids before it appends.
local by_both = last and not string.find(last, '.', 1, true)
  or jumped == recalled
  or tonumber(heard or 0) >= tonumber(string.match(jumped or '', 'n(%d+)$') or 0)
local by_former = by_both or now - tonumber(heard or now) < 2 * dedupe_ms

local function bucket_of(id, of)
  local first, second = string.byte(id, 1, 2)
  return sent .. string.format('%.0f:%.0f', of, (first * 256 + second) % buckets[of])
end

-- Results of the last find_sent: whether the id's newest bucket exists, and the seq in it.
local is_open, newest = false, false

-- @param former key of the id in the form of the previous release.
local function find_sent(id, former)
  is_open, newest = false, false
  if buckets[slice] then
    local found = redis.call('HMGET', bucket_of(id, slice), id, 's')
    newest, is_open = found[1], found[2]
    if newest then return newest end
  end
  for _, of in ipairs({slice - 1, slice - 2, slice + 1}) do
    local found = buckets[of] and redis.call('HGET', bucket_of(id, of), id)
    if found then return found end
  end
  return by_former and redis.call('GET', former) or nil
end
