#!lua
-- A page of a view at one moment: positions, cursor, rows, their ranks, and listed keys that have no row.
--
-- KEYS  1 rows   2 order   3 positions
-- ARGV  cursor of the rows, cursor of the order (empty: that one is through), count

local count = ARGV[3]
local rows, order = {'', {}}, {'', {}}
if ARGV[1] ~= '' then rows = redis.call('HSCAN', KEYS[1], ARGV[1], 'COUNT', count) end
if ARGV[2] ~= '' then order = redis.call('ZSCAN', KEYS[2], ARGV[2], 'COUNT', count) end
local ranks, strays = {}, {}
for i = 1, #rows[2], 2 do ranks[#ranks + 1] = redis.call('ZSCORE', KEYS[2], rows[2][i]) or '' end
for i = 1, #order[2], 2 do
  if redis.call('HEXISTS', KEYS[1], order[2][i]) == 0 then strays[#strays + 1] = order[2][i] end
end
return {redis.call('HGETALL', KEYS[3]), rows[1], rows[2], ranks, order[1], strays}
