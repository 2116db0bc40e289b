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
-- against an overlay of versions, where the acknowledgement is the last gate and the first write. Snapshots are written
-- at the end, each in its last state.

local MAX_UNITS, MAX_FACTS, MAX_EXPECTED = 64, 512, 1024

-- A global is looked up by name each time, and a unit has thirty arguments.
local KEYS, ARGV, call, find, format = KEYS, ARGV, redis.call, string.find, string.format

-- The number that a text of up to 15 digits is, false for any other. A call holds few numbers, each many times, so that
-- reading each once is what makes the walks cheap.
-- Digits only: `tonumber` also takes `1e3`, `0x1` and ` 1`, which no command reads as the same number. And no more than
-- 15: doubles are exact there, and XACK raises on an id of hundreds of characters, be they zeros.
local whole = setmetatable({}, {__index = function(known, text)
  local n = text and #text <= 15 and find(text, '^%d+$') and tonumber(text) or false
  if text then known[text] = n end
  return n
end})

local function refuse(why) return redis.error_reply('MALFORMED ' .. why) end

local n_streams, n_hashes, n_commands = whole[ARGV[1]], whole[ARGV[2]], whole[ARGV[3]]
local n_units, ttl = whole[ARGV[4]], whole[ARGV[5]]
if not (n_streams and n_hashes and n_commands and n_units and ttl) then return refuse('header') end
if n_units > MAX_UNITS then return refuse('too many units') end
if ttl < 1 then return refuse('ttl') end
if #KEYS ~= 2 + n_streams + n_hashes + n_commands then return refuse('keys') end
local named = {}
for k = 1, #KEYS do
  -- One key in two roles would pass every check of types while it is new.
  if named[KEYS[k]] then return refuse('key twice') end
  named[KEYS[k]] = true
end

-- First walk: shapes and bounds. `at` is the next argument.
local at, argc = 6, #ARGV
local streams, hashes, COMMAND = {}, {}, 2 + n_streams + n_hashes
for s = 1, n_streams do streams[s] = KEYS[2 + s] end
for h = 1, n_hashes do
  local category = ARGV[at] or ''
  local fold = call('HGET', KEYS[2], category)
  if not fold then return redis.error_reply('NONAMESPACE no fold is known for ' .. category) end
  if fold ~= ARGV[at + 1] then return redis.error_reply('FOLD ' .. category .. ' is at fold ' .. fold) end
  -- The aggregates to look up; and by aggregate the last unit that expects it, version, mark and the value to write.
  hashes[h] = {key = KEYS[2 + n_streams + h], wanted = {}, expected = {}, versions = {}, marks = {}, values = {}}
  at = at + 2
end

-- What follows a count and its things of so many arguments each; nil where it is not a count or nothing follows.
local function behind(count, size)
  local n = whole[ARGV[count]]
  local following = n and count + 1 + size * n
  return following and following <= argc and following or nil
end

local begin, total_facts, total_expected = at, 0, 0
for u = 1, n_units do
  local deliveries = at
  local expected = behind(deliveries, 3)
  if not expected then return refuse('deliveries of unit ' .. u) end
  local handed = whole[ARGV[deliveries]] > 1 and {}
  for d = deliveries + 1, expected - 1, 3 do
    local s, id = whole[ARGV[d]], whole[ARGV[d + 2]]
    if not streams[s] then return refuse('delivery stream of unit ' .. u) end
    if not id then return refuse('delivery of unit ' .. u) end
    if handed then
      local once = s .. ':' .. id .. ':' .. ARGV[d + 1]
      if handed[once] then return refuse('delivery twice in unit ' .. u) end
      handed[once] = true
    end
  end
  local facts = behind(expected, 3)
  if not facts then return refuse('expectations of unit ' .. u) end
  total_expected = total_expected + whole[ARGV[expected]]
  for e = expected + 1, facts - 1, 3 do
    local hash, aggregate = hashes[whole[ARGV[e]]], ARGV[e + 1]
    if not hash then return refuse('expected hash of unit ' .. u) end
    if not whole[ARGV[e + 2]] then return refuse('expected version of unit ' .. u) end
    if not hash.expected[aggregate] then hash.wanted[#hash.wanted + 1] = aggregate end
    hash.expected[aggregate] = u
  end
  local saves = behind(facts, 7)
  if not saves then return refuse('facts of unit ' .. u) end
  local n_facts = whole[ARGV[facts]]
  total_facts = total_facts + n_facts
  for f = facts + 1, saves - 1, 7 do
    if not streams[whole[ARGV[f]]] then return refuse('fact stream of unit ' .. u) end
    if not whole[ARGV[f + 3]] then return refuse('fact version of unit ' .. u) end
  end
  local command = behind(saves, 5)
  if not command then return refuse('snapshots of unit ' .. u) end
  for s = saves + 1, command - 1, 5 do
    local hash, version, marked = hashes[whole[ARGV[s]]], whole[ARGV[s + 2]], whole[ARGV[s + 3]]
    if not hash then return refuse('snapshot hash of unit ' .. u) end
    if hash.expected[ARGV[s + 1]] ~= u then return refuse('snapshot of unit ' .. u .. ' is not expected') end
    if not version or version >= 1e10 then return refuse('snapshot version of unit ' .. u) end
    if not marked or marked > n_facts then return refuse('mark of unit ' .. u) end
  end
  local c = whole[ARGV[command]]
  if not c or c > n_commands then return refuse('command of unit ' .. u) end
  if c > 0 and find(ARGV[command + 1] or '|', '|', 1, true) then return refuse('body hash of unit ' .. u) end
  at = command + (c > 0 and 3 or 1)
  if at > argc + 1 then return refuse('end of unit ' .. u) end
end
if at ~= argc + 1 then return refuse('more arguments than units') end
if total_facts > MAX_FACTS then return refuse('too many facts') end
if total_expected > MAX_EXPECTED then return refuse('too many expectations') end

local seq = whole[call('GET', KEYS[1]) or '0']
if not seq then return refuse('seq is not a number') end
for s = 1, n_streams do
  -- XADD refuses ids up to the last one ever given, which is past the last entry where entries were deleted.
  local about = redis.pcall('XINFO', 'STREAM', streams[s])
  if about.err and not find(about.err, 'no such key', 1, true) then return about end
  for i = 1, #about, 2 do
    if about[i] == 'last-generated-id' and tonumber(string.match(about[i + 1], '^%d+')) > seq then
      return redis.error_reply('WENTBACK the log counts ' .. format('%d', seq) .. ' but gave ' .. about[i + 1])
    end
  end
end
local VALUE = '^(' .. string.rep('%d', 10) .. ')(' .. string.rep('%d', 16) .. ')'
for h = 1, n_hashes do
  local hash = hashes[h]
  if #hash.wanted > 0 then
    local found = call('HMGET', hash.key, unpack(hash.wanted))
    for i, aggregate in ipairs(hash.wanted) do
      local version, mark = '0', '0000000000000000'
      if found[i] then
        version, mark = string.match(found[i], VALUE)
        if not version then return refuse('the stored snapshot of ' .. aggregate .. ' has no version') end
      end
      hash.versions[aggregate], hash.marks[aggregate] = whole[version], mark
    end
  end
end
local kept = {}
for c = 1, n_commands do
  kept[c] = call('GET', KEYS[COMMAND + c])
  if kept[c] and not find(kept[c], '^[^|]*|%d+|%d+|') then return refuse('the answer kept for a command') end
end

-- Second walk: nothing from here on can raise.
local answers, before = {}, seq
at = begin
for u = 1, n_units do
  local deliveries = at
  local expected = deliveries + 1 + 3 * whole[ARGV[deliveries]]
  local facts = expected + 1 + 3 * whole[ARGV[expected]]
  local saves = facts + 1 + 7 * whole[ARGV[facts]]
  local command = saves + 1 + 5 * whole[ARGV[saves]]
  local c, body_hash = whole[ARGV[command]], ARGV[command + 1]
  at = command + (c > 0 and 3 or 1)

  local fits = true
  for e = expected + 1, facts - 1, 3 do
    if hashes[whole[ARGV[e]]].versions[ARGV[e + 1]] ~= whole[ARGV[e + 2]] then fits = false end
  end

  local verdict
  if c > 0 and kept[c] then
    local hash_end = find(kept[c], '|', 1, true)
    verdict = string.sub(kept[c], 1, hash_end - 1) == body_hash and {'repeated', kept[c]} or {'key_reused'}
  elseif not fits then
    verdict = {'conflict'}
  else
    local pending = true
    if whole[ARGV[deliveries]] > 1 then
      for d = deliveries + 1, expected - 1, 3 do
        local id = ARGV[d + 2] .. '-0'
        local found = redis.pcall('XPENDING', streams[whole[ARGV[d]]], ARGV[d + 1], id, id, 1)
        if found.err or #found == 0 then pending = false end
      end
    end
    if pending then
      for d = deliveries + 1, expected - 1, 3 do
        if call('XACK', streams[whole[ARGV[d]]], ARGV[d + 1], ARGV[d + 2] .. '-0') == 0 then pending = false end
      end
    end
    if not pending then
      verdict = {'gone'}
    else
      local first, last = 0, 0
      local n_facts = whole[ARGV[facts]]
      if n_facts > 0 then first, last = seq + 1, seq + n_facts end
      for f = facts + 1, saves - 1, 7 do
        seq = seq + 1
        call('XADD', streams[whole[ARGV[f]]], format('%d-0', seq), 't', ARGV[f + 1], 'a', ARGV[f + 2],
          'n', ARGV[f + 3], 'i', ARGV[f + 4], 'b', ARGV[f + 5], 'h', ARGV[f + 6])
      end
      for s = saves + 1, command - 1, 5 do
        local hash, aggregate = hashes[whole[ARGV[s]]], ARGV[s + 1]
        local version, marked = whole[ARGV[s + 2]], whole[ARGV[s + 3]]
        if marked > 0 then hash.marks[aggregate] = format('%016d', first + marked - 1) end
        hash.versions[aggregate] = version
        hash.values[aggregate] = format('%010d', version) .. hash.marks[aggregate] .. ARGV[s + 4]
      end
      if c > 0 then
        kept[c] = body_hash .. format('|%d|%d|', first, last) .. ARGV[command + 2]
        call('SET', KEYS[COMMAND + c], kept[c], 'PX', format('%d', ttl))
      end
      verdict = {'done', first, last}
    end
  end
  answers[u] = verdict
end
for h = 1, n_hashes do
  -- `unpack` takes some thousand values; there are at most two for each of MAX_EXPECTED.
  local hash, written = hashes[h], {}
  for _, aggregate in ipairs(hash.wanted) do
    if hash.values[aggregate] then
      written[#written + 1] = aggregate
      written[#written + 1] = hash.values[aggregate]
    end
  end
  if #written > 0 then call('HSET', hash.key, unpack(written)) end
end
if seq > before then call('SET', KEYS[1], format('%d', seq)) end
return answers
