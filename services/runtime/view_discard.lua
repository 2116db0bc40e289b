#!lua
-- Drops a generation of a view that is not live; UNLINK frees the memory in the background.
--
-- KEYS  1 live generation   2 rows   3 order   4 positions
-- ARGV  the generation to drop

if (redis.call('GET', KEYS[1]) or '1') == ARGV[1] then return 0 end
return redis.call('UNLINK', KEYS[2], KEYS[3], KEYS[4])
