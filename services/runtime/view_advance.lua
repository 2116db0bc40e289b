#!lua
-- Writes what a batch of facts made of the rows of one view, with the position up to which it is folded.
--
-- KEYS  1 live generation   2 rows   3 order   4 positions by partition
-- ARGV  generation, is it the live one (1) or being built (0), partition, expected position, reached position,
--       n written, n listed, n unlisted, n removed
--       per row written:  key, value
--       per row listed:   rank, key
--       per row unlisted: key
--       per row removed:  key
--
-- Answers 1, or 0 with nothing written: somebody else advanced, or the generation is not what the writer thinks.

local ARGV, find = ARGV, string.find
local function digits(x) return x and find(x, '^%d+$') and tonumber(x) end
local function refuse(why) return redis.error_reply('MALFORMED ' .. why) end

local generation, expected, reached = digits(ARGV[1]), digits(ARGV[4]), digits(ARGV[5])
local written, listed, unlisted, removed = digits(ARGV[6]), digits(ARGV[7]), digits(ARGV[8]), digits(ARGV[9])
if not (generation and digits(ARGV[3]) and expected and reached and written and listed and unlisted and removed) then
  return refuse('header')
end
if #KEYS ~= 4 or #ARGV ~= 9 + 2 * written + 2 * listed + unlisted + removed then return refuse('arguments') end
if reached <= expected then return refuse('reached is not past expected') end
for l = 1, listed do
  -- What Python writes for a finite float; `tonumber` also takes `nan`, `0x1` and ` 1`, which ZADD refuses.
  local rank = ARGV[9 + 2 * written + 2 * l - 1]
  local n = find(rank, '^[%d.e+-]+$') and tonumber(rank)
  if not n or n - n ~= 0 then return refuse('rank of row ' .. l) end
end

local live = tonumber(redis.call('GET', KEYS[1]) or '1')
if ARGV[2] == '1' then
  if live ~= generation then return 0 end
elseif live >= generation then
  return 0
end
if tonumber(redis.call('HGET', KEYS[4], ARGV[3]) or '0') ~= expected then return 0 end

-- Nothing from here on can raise. Each run lies in ARGV as its command takes it, and `unpack` takes some thousand
-- values at a time; an even number, which parts no pair.
local MOST, at = 2000, 10
local function run(command, key, n)
  local last = at + n - 1
  for i = at, last, MOST do redis.call(command, key, unpack(ARGV, i, math.min(i + MOST - 1, last))) end
  at = last + 1
end
run('HSET', KEYS[2], 2 * written)
run('ZADD', KEYS[3], 2 * listed)
run('ZREM', KEYS[3], unlisted)
run('HDEL', KEYS[2], removed)
redis.call('HSET', KEYS[4], ARGV[3], ARGV[5])
return 1
