#!lua
-- Writes what a batch of facts made of the rows of one view, with the position up to which it is folded.
--
-- KEYS  1 live generation   2 rows   3 order   4 positions by partition
-- ARGV  generation, is it the live one (1) or being built (0), partition, expected position, reached position,
--       ranked (1) or not (0), n upserts, n removals
--       per upsert:  key, value, rank (empty: not listed)
--       per removal: key
--
-- Answers 1, or 0 with nothing written: somebody else advanced, or the generation is not what the writer thinks.

local function digits(x) return x and string.find(x, '^%d+$') and tonumber(x) end
local function refuse(why) return redis.error_reply('MALFORMED ' .. why) end

local generation, expected, reached = digits(ARGV[1]), digits(ARGV[4]), digits(ARGV[5])
local upserts, removals = digits(ARGV[7]), digits(ARGV[8])
if not (generation and digits(ARGV[3]) and expected and reached and upserts and removals) then return refuse('header') end
if #KEYS ~= 4 or #ARGV ~= 8 + 3 * upserts + removals then return refuse('arguments') end
if reached <= expected then return refuse('reached is not past expected') end
local ranked = ARGV[6] == '1'
for u = 0, upserts - 1 do
  local rank = ARGV[8 + 3 * u + 3]
  if rank ~= '' and not tonumber(rank) then return refuse('rank of row ' .. u) end
end

local live = tonumber(redis.call('GET', KEYS[1]) or '1')
if ARGV[2] == '1' then
  if live ~= generation then return 0 end
elseif live >= generation then
  return 0
end
if tonumber(redis.call('HGET', KEYS[4], ARGV[3]) or '0') ~= expected then return 0 end

-- Nothing from here on can raise. `unpack` takes some thousand values at a time.
local MOST = 2000
local function flush(command, key, values)
  if #values > 0 then redis.call(command, key, unpack(values)) end
end

local rows, order, unlisted = {}, {}, {}
for u = 0, upserts - 1 do
  local base = 8 + 3 * u
  rows[#rows + 1] = ARGV[base + 1]
  rows[#rows + 1] = ARGV[base + 2]
  if #rows == MOST then flush('HSET', KEYS[2], rows) rows = {} end
  if ranked then
    if ARGV[base + 3] == '' then
      unlisted[#unlisted + 1] = ARGV[base + 1]
      if #unlisted == MOST then flush('ZREM', KEYS[3], unlisted) unlisted = {} end
    else
      order[#order + 1] = ARGV[base + 3]
      order[#order + 1] = ARGV[base + 1]
      if #order == MOST then flush('ZADD', KEYS[3], order) order = {} end
    end
  end
end
flush('HSET', KEYS[2], rows)
flush('ZADD', KEYS[3], order)
flush('ZREM', KEYS[3], unlisted)

local gone, first = {}, 8 + 3 * upserts
for r = 1, removals do
  gone[#gone + 1] = ARGV[first + r]
  if #gone == MOST or r == removals then
    flush('HDEL', KEYS[2], gone)
    if ranked then flush('ZREM', KEYS[3], gone) end
    gone = {}
  end
end
redis.call('HSET', KEYS[4], ARGV[3], ARGV[5])
return 1
