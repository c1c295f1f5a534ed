import { checkEach } from '#lib/check-all.ts';
import { validationFailed } from '#lib/errors.ts';
import type { AccountId } from '#lib/ids.ts';
import { cleanText } from '#lib/text.ts';
import type { IsoDate } from '#lib/time/dates.ts';

const MAX_REASON_LENGTH = 500;

/** Days on which interest of a customer bears no tax, both included. */
export type TaxExemption = {
  /** Of this account alone; of all accounts that the customer owns if absent. */
  readonly accountId?: AccountId | undefined;
  readonly from: IsoDate;
  readonly until?: IsoDate | undefined;
  readonly reason: string;
};

/** Exemptions as they are kept. Throws 400 `validation_failed` with all that is wrong. */
export function cleanExemptions(exemptions: readonly TaxExemption[]): TaxExemption[] {
  return checkEach(exemptions, ({ accountId, from, until, reason: text }, index) => {
    const path = `exemptions[${index}]`;
    if (until !== undefined && until < from) {
      throw validationFailed({ path: `${path}.until`, message: 'must not be before from' });
    }
    const reason = cleanText(text, `${path}.reason`, MAX_REASON_LENGTH);
    return {
      ...(accountId === undefined ? {} : { accountId }),
      from,
      ...(until === undefined ? {} : { until }),
      reason,
    };
  });
}

/** Those of a customer that an account has. */
export function exemptionsOf(exemptions: readonly TaxExemption[], id: AccountId): TaxExemption[] {
  return exemptions.filter(({ accountId }) => accountId === undefined || accountId === id);
}

/** Whether interest that is posted for a period that ends on a day bears no tax. */
export function isExempt(exemptions: readonly TaxExemption[], on: IsoDate): boolean {
  return exemptions.some(({ from, until }) => from <= on && (until === undefined || on <= until));
}

/** The first day on which two lists may differ; undefined where they have the same days. */
export function firstChange(
  before: readonly TaxExemption[],
  after: readonly TaxExemption[],
): IsoDate | undefined {
  const keyOf = ({ accountId, from, until }: TaxExemption): string => `${accountId} ${from} ${until}`;
  const [was, is] = [new Set(before.map(keyOf)), new Set(after.map(keyOf))];
  const changed = [
    ...before.filter((one) => !is.has(keyOf(one))),
    ...after.filter((one) => !was.has(keyOf(one))),
  ];
  return changed.map(({ from }) => from).toSorted()[0];
}
