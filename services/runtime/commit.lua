#!lua
-- Commits a batch of units on one partition. Each unit is all or nothing.
--
-- KEYS  1 seq   2 folds   then the streams, the snapshot hashes and the command keys, as counted in ARGV
-- ARGV  streams, hashes, commands, units, command ttl in ms
--       per hash:  category, fold
--       per unit:  n deliveries, each: stream, group, seq
--                  n expected,   each: hash, aggregate, version
--                  n facts,      each: stream, t, a, n, i, b, h
--                  n snapshots,  each: hash, aggregate, version, marked fact (0 keeps the old mark), blob
--                  command (0 for none), if any: body hash, answer
--
-- A snapshot's value is a version of 10 digits, a mark of 16 digits, and the blob.
-- Lua is not rolled back. So ARGV is walked twice: first everything that could raise, with no write; then unit by unit
-- against an overlay of versions, where the acknowledgement is the last gate and the first write.

local MAX_UNITS, MAX_FACTS, MAX_EXPECTED = 64, 512, 1024

-- Digits only: `tonumber` also takes `1e3`, `0x1` and ` 1`, which no command reads as the same number.
local function digits(x) return x and string.find(x, '^%d+$') and tonumber(x) end
local n_streams, n_hashes, n_commands = digits(ARGV[1]), digits(ARGV[2]), digits(ARGV[3])
local n_units, ttl = digits(ARGV[4]), digits(ARGV[5])

local function refuse(why) return redis.error_reply('MALFORMED ' .. why) end
local function whole(x) return x and x >= 0 and x == math.floor(x) and x < 1e15 end

if not (whole(n_streams) and whole(n_hashes) and whole(n_commands) and whole(n_units) and whole(ttl)) then
  return refuse('header')
end
if n_units > MAX_UNITS then return refuse('too many units') end
if ttl < 1 then return refuse('ttl') end
if #KEYS ~= 2 + n_streams + n_hashes + n_commands then return refuse('keys') end
local named = {}
for k = 1, #KEYS do
  -- One key in two roles would pass every check of types while it is new.
  if named[KEYS[k]] then return refuse('key twice') end
  named[KEYS[k]] = true
end
local STREAM, HASH, COMMAND = 2, 2 + n_streams, 2 + n_streams + n_hashes

-- First walk: shapes and bounds.
local at = 5
local wanted, position = {}, {}
for h = 1, n_hashes do
  local fold = redis.call('HGET', KEYS[2], ARGV[at + 1] or '')
  if not fold then return redis.error_reply('NONAMESPACE no fold is known for ' .. (ARGV[at + 1] or '')) end
  if fold ~= ARGV[at + 2] then
    return redis.error_reply('FOLD ' .. ARGV[at + 1] .. ' is at fold ' .. fold)
  end
  wanted[h], position[h] = {}, {}
  at = at + 2
end

local function number() at = at + 1; return digits(ARGV[at]) end
local function index(most)
  local i = number()
  return whole(i) and i >= 1 and i <= most and i or nil
end

local begin, facts, expectations, argc = at, 0, 0, #ARGV
for u = 1, n_units do
  local n = number()
  if not whole(n) or at + 3 * n > argc then return refuse('deliveries of unit ' .. u) end
  local handed = {}
  for _ = 1, n do
    local s = index(n_streams)
    if not s then return refuse('delivery stream of unit ' .. u) end
    at = at + 1
    local group, id = ARGV[at], number()
    if not whole(id) then return refuse('delivery of unit ' .. u) end
    local once = s .. ':' .. id .. ':' .. group
    if handed[once] then return refuse('delivery twice in unit ' .. u) end
    handed[once] = true
  end
  n = number()
  if not whole(n) or at + 3 * n > argc then return refuse('expectations of unit ' .. u) end
  local expected = {}
  for _ = 1, n do
    local h = index(n_hashes)
    if not h then return refuse('expected hash of unit ' .. u) end
    at = at + 1
    local aggregate = ARGV[at]
    if not whole(number()) then return refuse('expected version of unit ' .. u) end
    expected[h .. ':' .. aggregate] = true
    expectations = expectations + 1
    if not position[h][aggregate] then
      table.insert(wanted[h], aggregate)
      position[h][aggregate] = #wanted[h]
    end
  end
  n = number()
  if not whole(n) or at + 7 * n > argc then return refuse('facts of unit ' .. u) end
  facts = facts + n
  local unit_facts = n
  for _ = 1, n do
    if not index(n_streams) then return refuse('fact stream of unit ' .. u) end
    if not whole(digits(ARGV[at + 3])) then return refuse('fact version of unit ' .. u) end
    at = at + 6
  end
  n = number()
  if not whole(n) or at + 5 * n > argc then return refuse('snapshots of unit ' .. u) end
  for _ = 1, n do
    local h = index(n_hashes)
    if not h then return refuse('snapshot hash of unit ' .. u) end
    at = at + 1
    if not expected[h .. ':' .. ARGV[at]] then return refuse('snapshot of unit ' .. u .. ' is not expected') end
    local version, marked = number(), number()
    if not whole(version) or version >= 1e10 then return refuse('snapshot version of unit ' .. u) end
    if not whole(marked) or marked > unit_facts then return refuse('mark of unit ' .. u) end
    at = at + 1
  end
  local c = number()
  if not whole(c) or c > n_commands then return refuse('command of unit ' .. u) end
  if c > 0 then
    if string.find(ARGV[at + 1] or '|', '|', 1, true) then return refuse('body hash of unit ' .. u) end
    at = at + 2
  end
  if at > argc then return refuse('end of unit ' .. u) end
end
if at ~= argc then return refuse('more arguments than units') end
if facts > MAX_FACTS then return refuse('too many facts') end
if expectations > MAX_EXPECTED then return refuse('too many expectations') end

local seq = tonumber(redis.call('GET', KEYS[1]) or '0')
if not whole(seq) then return refuse('seq is not a number') end
for s = 1, n_streams do
  -- XADD refuses ids up to the last one ever given, which is past the last entry where entries were deleted.
  local about = redis.pcall('XINFO', 'STREAM', KEYS[STREAM + s])
  if about.err and not string.find(about.err, 'no such key', 1, true) then return about end
  for i = 1, #about, 2 do
    if about[i] == 'last-generated-id' and tonumber(string.match(about[i + 1], '^%d+')) > seq then
      return redis.error_reply('WENTBACK the log counts ' .. string.format('%.0f', seq) .. ' but gave ' .. about[i + 1])
    end
  end
end
local VALUE = '^(' .. string.rep('%d', 10) .. ')(' .. string.rep('%d', 16) .. ')'
local versions, marks = {}, {}
for h = 1, n_hashes do
  versions[h], marks[h] = {}, {}
  if #wanted[h] > 0 then
    local found = redis.call('HMGET', KEYS[HASH + h], unpack(wanted[h]))
    for i, aggregate in ipairs(wanted[h]) do
      local value = found[i]
      local version, mark = 0, '0000000000000000'
      if value then
        version, mark = string.match(value, VALUE)
        if not (version and mark) then return refuse('the stored snapshot of ' .. aggregate .. ' has no version') end
        version = tonumber(version)
      end
      versions[h][aggregate], marks[h][aggregate] = version, mark
    end
  end
end
local kept = {}
for c = 1, n_commands do
  kept[c] = redis.call('GET', KEYS[COMMAND + c])
  if kept[c] and not string.find(kept[c], '^[^|]*|%d+|%d+|') then return refuse('the answer kept for a command') end
end

-- Second walk: nothing from here on can raise.
local answers, before = {}, seq
at = begin
for u = 1, n_units do
  local n = number()
  local deliveries = at
  at = at + 3 * n
  local n_deliveries = n
  n = number()
  local fits = true
  for _ = 1, n do
    if versions[tonumber(ARGV[at + 1])][ARGV[at + 2]] ~= tonumber(ARGV[at + 3]) then fits = false end
    at = at + 3
  end
  local n_facts = number()
  local first_fact = at
  at = at + 7 * n_facts
  local n_saves = number()
  local first_save = at
  at = at + 5 * n_saves
  local c = number()
  local body_hash, answer
  if c > 0 then
    body_hash, answer = ARGV[at + 1], ARGV[at + 2]
    at = at + 2
  end

  local verdict
  if c > 0 and kept[c] then
    local hash_end = string.find(kept[c], '|', 1, true)
    verdict = string.sub(kept[c], 1, hash_end - 1) == body_hash and {'repeated', kept[c]} or {'key_reused'}
  elseif not fits then
    verdict = {'conflict'}
  else
    local pending = true
    if n_deliveries > 1 then
      for d = 0, n_deliveries - 1 do
        local base = deliveries + 3 * d
        local id = ARGV[base + 3] .. '-0'
        local found = redis.pcall('XPENDING', KEYS[STREAM + tonumber(ARGV[base + 1])], ARGV[base + 2], id, id, 1)
        if found.err or #found == 0 then pending = false end
      end
    end
    if pending then
      for d = 0, n_deliveries - 1 do
        local base = deliveries + 3 * d
        local id = ARGV[base + 3] .. '-0'
        if redis.call('XACK', KEYS[STREAM + tonumber(ARGV[base + 1])], ARGV[base + 2], id) == 0 then pending = false end
      end
    end
    if not pending then
      verdict = {'gone'}
    else
      local first, last = 0, 0
      if n_facts > 0 then first, last = seq + 1, seq + n_facts end
      for f = 0, n_facts - 1 do
        local base = first_fact + 7 * f
        seq = seq + 1
        redis.call('XADD', KEYS[STREAM + tonumber(ARGV[base + 1])], string.format('%.0f-0', seq),
          't', ARGV[base + 2], 'a', ARGV[base + 3], 'n', ARGV[base + 4],
          'i', ARGV[base + 5], 'b', ARGV[base + 6], 'h', ARGV[base + 7])
      end
      for s = 0, n_saves - 1 do
        local base = first_save + 5 * s
        local h, aggregate = tonumber(ARGV[base + 1]), ARGV[base + 2]
        local version, marked = tonumber(ARGV[base + 3]), tonumber(ARGV[base + 4])
        if marked > 0 then marks[h][aggregate] = string.format('%016.0f', first + marked - 1) end
        versions[h][aggregate] = version
        redis.call('HSET', KEYS[HASH + h], aggregate,
          string.format('%010.0f', version) .. marks[h][aggregate] .. ARGV[base + 5])
      end
      if c > 0 then
        kept[c] = body_hash .. '|' .. string.format('%.0f|%.0f|', first, last) .. answer
        redis.call('SET', KEYS[COMMAND + c], kept[c], 'PX', string.format('%.0f', ttl))
      end
      verdict = {'done', string.format('%.0f', first), string.format('%.0f', last)}
    end
  end
  answers[u] = verdict
end
if seq > before then redis.call('SET', KEYS[1], string.format('%.0f', seq)) end
return answers
