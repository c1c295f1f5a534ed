import { unreachable } from '#lib/assert.ts';
import type { Scenario } from './protocol.ts';
import { Random } from './random.ts';
import { batchRequests, RequestBytes, type RequestParts } from './request-bytes.ts';

export const BATCH_PATH = '/v1/transactions/batch';

/** The bytes of a client's next request; they are overwritten by the one after. */
export type NextRequest = () => Buffer;

/** The requests that one client repeats. Accounts are 1 to `accounts`, and the hot one after them. */
export function createRequests(
  scenario: Scenario,
  parts: RequestParts,
  accounts: number,
  client: number,
): NextRequest {
  const random = new Random(client);
  switch (scenario.name) {
    case 'transfers':
      return transfers(parts, () => random.pair(accounts));
    case 'hot':
      return transfers(parts, () => [accounts + 1, random.below(accounts) + 1]);
    case 'deposits':
      return deposits(parts, () => random.below(accounts) + 1);
    case 'balances':
      return balances(parts, () => random.below(accounts) + 1);
    case 'lines':
      return lines(parts, () => random.below(accounts) + 1);
    case 'mix':
      return mix(parts, accounts, random);
    case 'batch':
      return batchRequests(BATCH_PATH, parts.token, scenario.items, accounts, random);
    default:
      return unreachable(scenario);
  }
}

const money = { amount: '0.01', currency: 'EUR' } as const;

function transfers(parts: RequestParts, pick: () => readonly [number, number]): NextRequest {
  const body = (id: string) => ({ fromAccountId: id, toAccountId: id, ...money });
  const request = RequestBytes.post('/v1/transfers', body, parts);
  return () => request.fill(...pick());
}

function deposits(parts: RequestParts, pick: () => number): NextRequest {
  const body = (id: string) => ({ accountId: id, mode: 'cash', ...money });
  const request = RequestBytes.post('/v1/deposits', body, parts);
  return () => request.fill(pick());
}

function balances(parts: RequestParts, pick: () => number): NextRequest {
  const request = RequestBytes.get((id) => `/v1/accounts/${id}/balance`, parts);
  return () => request.fill(pick());
}

function lines(parts: RequestParts, pick: () => number): NextRequest {
  const request = RequestBytes.get((id) => `/v1/accounts/${id}/transactions`, parts);
  return () => request.fill(pick());
}

/** 70 % balances, 25 % transfers, 5 % lines: like the users of an app. */
function mix(parts: RequestParts, accounts: number, random: Random): NextRequest {
  const pick = () => random.below(accounts) + 1;
  const transfer = transfers(parts, () => random.pair(accounts));
  const balance = balances(parts, pick);
  const page = lines(parts, pick);
  return () => {
    const percent = random.below(100);
    if (percent < 25) return transfer();
    return percent < 30 ? page() : balance();
  };
}
