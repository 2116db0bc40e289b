#!lua
-- Renews the lease on deliveries that are still this consumer's; answers with the others.
-- KEYS  1 stream      ARGV  group, consumer, ids...
-- A plain XCLAIM by the old owner after a take-over would steal the entry back.
local lost = {}
for i = 3, #ARGV do
  local found = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[i], ARGV[i], 1)
  if found[1] and found[1][2] == ARGV[2] then
    redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0, ARGV[i], 'JUSTID')
  else
    lost[#lost + 1] = ARGV[i]
  end
end
return lost
