import type { Context } from '#db/context.ts';
import { inTransaction } from '#db/transaction.ts';
import { recordAudit } from '#features/audit/contract.ts';
import { followCalendar } from '#ledger/business-date.ts';
import type { Caller } from '#lib/caller.ts';
import { validationFailed } from '#lib/errors.ts';
import { formatAmount } from '#lib/money/money.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { type DatedRoleLimit, listRoleLimits, storeRoleLimit } from './repository.ts';
import type { LimitedRole, RoleLimit } from './role-limits.ts';

/** A limit to set; from the business date on, if not given. */
export type SetRoleLimit = RoleLimit & {
  readonly role: LimitedRole;
  readonly validFrom?: IsoDate | undefined;
};

/** What is set, and what counts in its currency where nothing is. */
export type RoleLimitList = {
  readonly set: readonly DatedRoleLimit[];
  readonly fallback: RoleLimit;
  readonly businessDate: IsoDate;
};

/** Sets how much a role may move, promise or lend on its own word. */
export class RoleLimitService {
  readonly #context: Context;
  readonly #fallback: RoleLimit;

  constructor(context: Context, fallback: RoleLimit) {
    this.#context = context;
    this.#fallback = fallback;
  }

  async list(): Promise<RoleLimitList> {
    const { db, bookId, clock } = this.#context;
    const businessDate = await followCalendar(db, bookId, clock);
    return { set: await listRoleLimits(db, bookId), fallback: this.#fallback, businessDate };
  }

  /**
   * Sets the limit of a role in a currency from a business date on; one of the same date is replaced. It counts what
   * was used before on the day. Throws 400 `validation_failed` for a date that is over.
   */
  async set(caller: Caller, wanted: SetRoleLimit): Promise<DatedRoleLimit> {
    const { db, bookId, clock } = this.#context;
    const today = await followCalendar(db, bookId, clock);
    const { role, currency, perTransactionMinor, perDayMinor, validFrom = today } = wanted;
    if (validFrom < today)
      throw validationFailed({ path: 'validFrom', message: `must not be before ${today}` });
    const limit = { role, currency, perTransactionMinor, perDayMinor, validFrom, setBy: caller.actor };
    await inTransaction(db, async (tx) => {
      await storeRoleLimit(tx, bookId, limit, clock.nowMs());
      const text = (minor: bigint | undefined) =>
        minor === undefined ? null : formatAmount(minor, currency);
      await recordAudit(tx, this.#context, {
        caller,
        operation: 'setRoleLimits',
        resourceType: 'role_limits',
        resourceId: role,
        after: { currency, validFrom, perTransaction: text(perTransactionMinor), perDay: text(perDayMinor) },
      });
    });
    return limit;
  }
}
