import type { Context } from '#db/context.ts';
import { inTransaction } from '#db/transaction.ts';
import { UnitOfWork } from '#db/unit-of-work.ts';
import type { KeptAnswer, KeyedRequest, KeyedWork, KeyNeeds, KeyStore } from '#http/keyed-requests.ts';
import { claimKey } from '#ledger/claim-key.ts';
import { ledgerError } from '#ledger/errors.ts';
import { lockKey, noteKey, registerKey } from '#ledger/used-keys.ts';
import { commonError } from '#lib/errors.ts';
import { parseTypeId } from '#lib/ids.ts';

/** Operations whose key is not simply optional. Those that post see to their keys themselves, and require them. */
export const KEY_NEEDS: KeyNeeds = {
  closeTimeDeposit: 'required',
  createStandingOrder: 'required',
  openTimeDeposit: 'required',
  payTimeDepositInstalment: 'required',
  placeAttachment: 'required',
  runEndOfDay: 'long',
};

/**
 * Keeps the keys of requests that leave no journal entry. Their answers are sealed: they hold persons' data, and the
 * secret of a new API key.
 */
export function keyStore(context: Context): KeyStore {
  const { db, bookId, clock } = context;
  const inFlight = new Set<string>();
  const begin = async (request: KeyedRequest): Promise<KeyedWork | KeptAnswer> => {
    const unit = await UnitOfWork.begin(db);
    try {
      const first = await firstAnswer(context, unit, request);
      if (first !== undefined) {
        await unit.rollBack();
        return first;
      }
    } catch (error) {
      await unit.rollBack();
      throw error;
    }
    return workOf(context, unit, request);
  };
  return {
    begin: async (request) => {
      const name = `${request.caller.actor}\n${request.key}`;
      if (inFlight.has(name)) throw ledgerError('idempotency_in_progress');
      inFlight.add(name);
      const leave = (): void => void inFlight.delete(name);
      try {
        const begun = await begin(request);
        if ('status' in begun) leave();
        else return leaving(begun, leave);
        return begun;
      } catch (error) {
        leave();
        throw error;
      }
    },
    note: async (request) => {
      await inTransaction(db, (tx) => noteKey(tx, bookId, useOf(request), clock.nowMs()));
    },
  };
}

/** The answer to the first request under the key, if this repeats it. */
async function firstAnswer(
  { bookId, dataKey }: Context,
  { session }: UnitOfWork,
  request: KeyedRequest,
): Promise<KeptAnswer | undefined> {
  const { actor, key, requestHash } = useOf(request);
  const used = await lockKey(session, bookId, actor, key);
  if (used === undefined) return undefined;
  if (used.operation === undefined) throw ledgerError('idempotency_key_reused');
  claimKey(used, requestHash);
  // It went with the person of whom it spoke.
  if (used.answer === undefined) throw commonError('answer_erased');
  const text = dataKey.decrypt(used.answer, answerContextOf(bookId, actor, key)).toString('utf8');
  return JSON.parse(text) as KeptAnswer;
}

function workOf({ bookId, clock, dataKey }: Context, unit: UnitOfWork, request: KeyedRequest): KeyedWork {
  return {
    within: (work) => unit.within(work),
    complete: async (answer) => {
      const use = useOf(request);
      try {
        const sealed = dataKey.encrypt(JSON.stringify(answer), answerContextOf(bookId, use.actor, use.key));
        const about = idsIn(JSON.stringify([answer.body, answer.headers.location]));
        await registerKey(unit.session, bookId, use, { nowMs: clock.nowMs(), answer: sealed, about });
      } catch (error) {
        await unit.rollBack();
        throw error;
      }
      await unit.commit();
    },
    // What a refusal leaves, such as its row in the trail, stays; what a failure leaves is unfinished.
    giveUp: (isFailure) => (isFailure ? unit.rollBack() : unit.commit()),
  };
}

function leaving(work: KeyedWork, leave: () => void): KeyedWork {
  return {
    ...work,
    complete: (answer) => work.complete(answer).finally(leave),
    giveUp: (isFailure) => work.giveUp(isFailure).finally(leave),
  };
}

function useOf({ caller, key, operation, requestHash }: KeyedRequest) {
  return { actor: caller.actor, key, operation, requestHash };
}

export function answerContextOf(bookId: number, actor: string, key: string): string {
  return `idempotency_keys.answer/${bookId}/${actor}/${key}`;
}

const TYPE_ID = /\b[a-z]+_[0-9a-hjkmnp-tv-z]{26}\b/g;

/** The customers and accounts that a text names. */
function idsIn(text: string): string[] {
  const named = text.match(TYPE_ID) ?? [];
  return [
    ...new Set(named.flatMap((one) => parseTypeId('customer', one) ?? parseTypeId('account', one) ?? [])),
  ];
}
