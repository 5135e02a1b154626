import type { Redis } from 'ioredis';

/**
 * What must happen to a chunk in one step. KEYS[1] is the chunk, KEYS[2] the stream of results. A chunk has one holder, by
 * token: whoever claims it next takes it over, and what the former holder says later is not taken.
 */
const SCRIPTS = {
  /** Token, worker, chunk id, TTL in ms. Gives the fields of the chunk, or nothing when it is gone or withdrawn. */
  tcClaim: `
    if redis.call('EXISTS', KEYS[1]) == 0 or redis.call('HEXISTS', KEYS[1], 'closed') == 1 then return false end
    local running = redis.call('HGET', KEYS[1], 'r')
    if running then
      local before = redis.call('HGET', KEYS[1], 'worker') or ''
      local attempts = tonumber(redis.call('HGET', KEYS[1], 'a' .. running) or '0')
      local final = attempts >= tonumber(redis.call('HGET', KEYS[1], 'max')) and '1' or '0'
      redis.call('HDEL', KEYS[1], 'r')
      if final == '1' then redis.call('HSET', KEYS[1], 'd' .. running, '1') end
      redis.call('XADD', KEYS[2], '*', 'c', ARGV[3], 'i', running, 'k', 'lost', 'f', final, 'w', before, 't', '0', 'p', '')
      redis.call('PEXPIRE', KEYS[2], ARGV[4])
    end
    redis.call('HSET', KEYS[1], 'token', ARGV[1], 'worker', ARGV[2])
    redis.call('PEXPIRE', KEYS[1], ARGV[4])
    return redis.call('HGETALL', KEYS[1])`,
  /** Token, place. Says begun, done (it has its result), or over (the chunk is another's, withdrawn or gone). */
  tcBegin: `
    if redis.call('HGET', KEYS[1], 'token') ~= ARGV[1] then return 'over' end
    if redis.call('HEXISTS', KEYS[1], 'closed') == 1 then return 'over' end
    if redis.call('HEXISTS', KEYS[1], 'd' .. ARGV[2]) == 1 then return 'done' end
    redis.call('HINCRBY', KEYS[1], 'a' .. ARGV[2], 1)
    redis.call('HSET', KEYS[1], 'r', ARGV[2])
    return 'begun'`,
  /** Token, place, chunk id, kind, whether nothing can change it, ms, payload, TTL. Says again, final or over. */
  tcFinish: `
    if redis.call('HGET', KEYS[1], 'token') ~= ARGV[1] then return 'over' end
    if redis.call('HGET', KEYS[1], 'r') ~= ARGV[2] then
      return redis.call('HEXISTS', KEYS[1], 'd' .. ARGV[2]) == 1 and 'final' or 'over'
    end
    local attempts = tonumber(redis.call('HGET', KEYS[1], 'a' .. ARGV[2]) or '0')
    local final = '1'
    if ARGV[5] ~= '1' and attempts < tonumber(redis.call('HGET', KEYS[1], 'max')) then final = '0' end
    redis.call('XADD', KEYS[2], '*', 'c', ARGV[3], 'i', ARGV[2], 'k', ARGV[4], 'f', final,
      'w', redis.call('HGET', KEYS[1], 'worker'), 't', ARGV[6], 'p', ARGV[7])
    redis.call('HDEL', KEYS[1], 'r')
    if final == '1' then redis.call('HSET', KEYS[1], 'd' .. ARGV[2], '1') end
    redis.call('PEXPIRE', KEYS[1], ARGV[8])
    redis.call('PEXPIRE', KEYS[2], ARGV[8])
    return final == '1' and 'final' or 'again'`,
  /** Token, place: an episode that was begun and is not played to its end was no attempt. */
  tcAbandon: `
    if redis.call('HGET', KEYS[1], 'token') ~= ARGV[1] or redis.call('HGET', KEYS[1], 'r') ~= ARGV[2] then return 0 end
    redis.call('HDEL', KEYS[1], 'r')
    redis.call('HINCRBY', KEYS[1], 'a' .. ARGV[2], -1)
    return 1`,
  /** Token, chunk id, number of jobs, payload, TTL: every job that is not over is given up. */
  tcGiveUp: `
    if redis.call('HGET', KEYS[1], 'token') ~= ARGV[1] then return 0 end
    local given = 0
    for at = 0, tonumber(ARGV[3]) - 1 do
      if redis.call('HSETNX', KEYS[1], 'd' .. at, '1') == 1 then
        given = given + 1
        redis.call('XADD', KEYS[2], '*', 'c', ARGV[2], 'i', at, 'k', 'infrastructure', 'f', '1',
          'w', redis.call('HGET', KEYS[1], 'worker'), 't', '0', 'p', ARGV[4])
      end
    end
    redis.call('PEXPIRE', KEYS[2], ARGV[5])
    return given`,
} as const;

/** KEYS[1] refusals; group, worker id, text, TTL in ms. Gives the ms since the group was first refused. */
const REFUSE = `
  local now = redis.call('TIME')
  local at = now[1] * 1000 + math.floor(now[2] / 1000)
  redis.call('HSETNX', KEYS[1], ARGV[1] .. '|since', string.format('%.0f', at))
  redis.call('HSET', KEYS[1], ARGV[1] .. '|w|' .. ARGV[2], ARGV[3])
  redis.call('PEXPIRE', KEYS[1], ARGV[4])
  return at - tonumber(redis.call('HGET', KEYS[1], ARGV[1] .. '|since'))`;

/** KEYS[1] a lease; token, ms. Whether it is still held. */
const RENEW = `
  if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  return 1`;

/** KEYS[1] a lease; token. */
const RELEASE = `
  if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
  return 0`;

type Arg = string | number | Buffer;

/** A connection that knows the scripts. */
export interface Scripted {
  tcClaim(chunk: string, results: string, ...args: Arg[]): Promise<string[] | null>;
  tcBegin(chunk: string, results: string, ...args: Arg[]): Promise<'begun' | 'done' | 'over'>;
  tcFinish(chunk: string, results: string, ...args: Arg[]): Promise<'again' | 'final' | 'over'>;
  tcAbandon(chunk: string, results: string, ...args: Arg[]): Promise<number>;
  tcGiveUp(chunk: string, results: string, ...args: Arg[]): Promise<number>;
  tcRefuse(refused: string, ...args: Arg[]): Promise<number>;
  tcRenew(lease: string, ...args: Arg[]): Promise<number>;
  tcRelease(lease: string, ...args: Arg[]): Promise<number>;
}

/** Teaches a connection the scripts. */
export function withScripts(redis: Redis): Redis & Scripted {
  for (const [name, lua] of Object.entries(SCRIPTS)) redis.defineCommand(name, { numberOfKeys: 2, lua });
  for (const [name, lua] of Object.entries({ tcRefuse: REFUSE, tcRenew: RENEW, tcRelease: RELEASE })) {
    redis.defineCommand(name, { numberOfKeys: 1, lua });
  }
  return redis as Redis & Scripted;
}
