import { checkAll } from '#lib/check-all.ts';
import type { BeneficiaryId, CustomerId } from '#lib/ids.ts';
import { assertMatch, type IfMatch } from '#lib/if-match.ts';
import { changedLabels, cleanLabels, type LabelChanges, type Labels } from '#lib/labels.ts';
import type { Currency } from '#lib/money/currencies.ts';
import type { PayeeAccount } from '#lib/payee-account.ts';
import { cleanName, cleanText, optional } from '#lib/text.ts';

const MAX_NAME_LENGTH = 140;
const MAX_NICKNAME_LENGTH = 100;

/** An amount a day in minor units of a currency. */
export type DayLimit = { readonly amountMinor: bigint; readonly currency: Currency };

/** A beneficiary's whole state. */
export type BeneficiaryState = Labels & {
  readonly id: BeneficiaryId;
  /** Whose beneficiary it is. */
  readonly customerId: CustomerId;
  readonly name: string;
  readonly nickname: string | undefined;
  /** Who is paid: unique among the customer's beneficiaries. */
  readonly account: PayeeAccount;
  /** In which alone it is paid; undefined for any. */
  readonly currency: Currency | undefined;
  /** What it may be paid on a business date, in minor units of `currency`. */
  readonly limitPerDayMinor: bigint | undefined;
  /** From when it is paid without the limit of the cooling-off period; ms since 1970. */
  readonly usableFromMs: number;
  readonly version: number;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
};

export type NewBeneficiary = Labels &
  Pick<BeneficiaryState, 'id' | 'customerId' | 'account'> & {
    readonly name: string;
    readonly nickname?: string | undefined;
    readonly currency: Currency | undefined;
    readonly limitPerDay?: DayLimit | undefined;
  };

export type BeneficiaryChanges = LabelChanges & {
  /** That of the payee's account, where it is here: it stays when a limit goes. */
  readonly payeeCurrency?: Currency | undefined;
  readonly name?: string | undefined;
  /** Null takes it away. */
  readonly nickname?: string | null | undefined;
  readonly limitPerDay?: DayLimit | null | undefined;
};

/** Somebody whom a customer pays by name. Holds every rule about one but those of what was paid; does no I/O. */
export class Beneficiary {
  #state: BeneficiaryState;

  constructor(state: BeneficiaryState) {
    this.#state = state;
  }

  /** A new one, that is used with care for the cooling-off time. Throws 400 `validation_failed`. */
  static add(values: NewBeneficiary, nowMs: number, coolingOffMs: number): Beneficiary {
    const { id, customerId, account, currency, limitPerDay } = values;
    const { labels, ...names } = checkAll({
      name: () => cleanName(values.name, 'name', MAX_NAME_LENGTH),
      nickname: () => optional(values.nickname, cleanNickname),
      labels: () => cleanLabels(values),
    });
    return new Beneficiary({
      id,
      customerId,
      ...names,
      ...labels,
      account,
      currency: limitPerDay?.currency ?? currency,
      limitPerDayMinor: limitPerDay?.amountMinor,
      usableFromMs: nowMs + coolingOffMs,
      version: 1,
      createdAtMs: nowMs,
      updatedAtMs: nowMs,
    });
  }

  get state(): BeneficiaryState {
    return this.#state;
  }

  /** Throws 412 `version_conflict` when the caller read another version. */
  assertVersion(version: IfMatch): void {
    assertMatch(version, this.#state.version);
  }

  /** Throws 400 `validation_failed`. Who is paid stays: that would be another beneficiary. */
  change({ name, nickname, limitPerDay, payeeCurrency, ...given }: BeneficiaryChanges, nowMs: number): void {
    const before = this.#state;
    const { labels, ...names } = checkAll({
      name: () => (name === undefined ? before.name : cleanName(name, 'name', MAX_NAME_LENGTH)),
      nickname: () =>
        nickname === undefined ? before.nickname : optional(nickname ?? undefined, cleanNickname),
      labels: () => changedLabels(before, given),
    });
    this.#state = {
      ...before,
      ...names,
      ...labels,
      currency: limitPerDay === null ? payeeCurrency : (limitPerDay?.currency ?? before.currency),
      limitPerDayMinor: limitPerDay === undefined ? before.limitPerDayMinor : limitPerDay?.amountMinor,
      version: before.version + 1,
      updatedAtMs: nowMs,
    };
  }
}

/** Whether it is still paid with care. */
export function statusAt(
  { usableFromMs }: Pick<BeneficiaryState, 'usableFromMs'>,
  nowMs: number,
): 'cooling_off' | 'active' {
  return nowMs < usableFromMs ? 'cooling_off' : 'active';
}

function cleanNickname(text: string): string {
  return cleanText(text, 'nickname', MAX_NICKNAME_LENGTH);
}
