#!lua flags=no-writes
-- Reads the news of rooms that somebody follows: authors of messages, and messages that are gone, without any texts.
-- KEYS count of announced reads; then for each room: room, log
-- ARGV max events of a room; then for each room: epoch and seq up to which the caller knows it ('' and -1: not at all)
-- Returns {run of Redis, count of announced reads, then for each room: 0 without news, {} without a room, or {epoch, seq, 1 if the events
-- follow what the caller knows or 0 if they replace it, seq from which on they are complete, event...}}. An event is four fields: `m`, seq,
-- author, ids of the users it speaks to (a space after each); `d`, seq, deleted seq, ''; `r`, seq, author, first of the removed seqs.
local max = tonumber(ARGV[1])
local seq_of = function(entry) return tonumber(string.match(entry[1], '^%d+')) end
-- include: run-id

-- No JSON string can contain the name of a field with unescaped quotes.
local function spoken_to(event)
  local ids, at = '', string.find(event, ',"mentions":[', 1, true)
  if at then
    local list = string.match(event, '^,"mentions":(%b[])', at) or ''
    for id in string.gmatch(list, '"id":"([^"]*)"') do ids = ids .. id .. ' ' end
  end
  local author = string.match(event, ',"reply":{"seq":%d+,"user":"([^"]*)"')
  if author then ids = ids .. author .. ' ' end
  return ids
end

local function add(answer, entry)
  local event = entry[2][2]
  local kind, a, b = string.match(event, '^{"type":"(%a+)"'), '', ''
  if kind == 'message' then
    if string.sub(event, -16) == ',"deleted":true}' then return end
    kind, a, b = 'm', string.match(event, '"user":{"id":"([^"]*)"') or '', spoken_to(event)
  elseif kind == 'deleted' then
    kind, a = 'd', string.match(event, '"target":(%d+)')
  elseif kind == 'removed' then
    kind, a, b = 'r', string.match(event, '"author":"([^"]*)"'), string.match(event, '"from":(%d+)')
  else
    return
  end
  if not a or not b then return end
  for _, field in ipairs({kind, string.match(entry[1], '^%d+'), a, b}) do answer[#answer + 1] = field end
end

local function news(room, log, epoch, known)
  local state = redis.pcall('HMGET', room, 'epoch', 'seq', 'floor')
  if state.err or not state[1] then return {} end
  local seq = tonumber(state[2])
  if state[1] == epoch and seq == known then return 0 end
  local follows = state[1] == epoch and known >= tonumber(state[3]) - 1 and seq - known <= max
  local answer = {state[1], state[2], follows and 1 or 0}
  if follows then
    answer[4] = string.format('%.0f', known + 1)
    for _, entry in ipairs(redis.call('XRANGE', log, '(' .. string.format('%.0f', known) .. '-0', '+')) do add(answer, entry) end
    return answer
  end
  local newest = redis.call('XREVRANGE', log, '+', '-', 'COUNT', max)
  answer[4] = #newest < max and state[3] or string.format('%.0f', seq_of(newest[#newest]))
  for i = #newest, 1, -1 do add(answer, newest[i]) end
  return answer
end

local answers = {run, tonumber(redis.call('GET', KEYS[1]) or 0)}
for i = 2, #KEYS, 2 do
  local ok, answer = pcall(news, KEYS[i], KEYS[i + 1], ARGV[i], tonumber(ARGV[i + 1]))
  answers[#answers + 1] = ok and answer or {}
end
return answers
