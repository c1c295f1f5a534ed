import type { AccountId, AttachmentId } from '#lib/ids.ts';
import type { Labels } from '#lib/labels.ts';
import type { Currency } from '#lib/money/currencies.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { holdError } from '../errors.ts';

export const ATTACHMENT_STATUSES = ['active', 'released'] as const;
export const ATTACHMENT_REASONS = ['garnishment', 'tax', 'insolvency', 'criminal', 'other'] as const;

/** An order to keep money of a customer. Minor units. */
export type AttachmentState = Labels & {
  readonly id: AttachmentId;
  readonly accountId: AccountId;
  readonly currency: Currency;
  /** What is to be kept, when the account has it. */
  readonly amountMinor: bigint;
  /** What stays available to the customer whenever something is taken. */
  readonly protectedMinor: bigint;
  /** What is kept by now. */
  readonly heldMinor: bigint;
  readonly status: (typeof ATTACHMENT_STATUSES)[number];
  readonly reasonCode: (typeof ATTACHMENT_REASONS)[number];
  /** The file of the court or authority. */
  readonly legalReference: string;
  readonly placedOn: IsoDate;
  readonly placedBy: string;
  readonly createdAtMs: number;
  readonly releaseReason: string | undefined;
  readonly releasedAtMs: number | undefined;
};

/** Money of an account in minor units. An overdraft is the bank's, and nobody attaches it. */
type Funds = { readonly balanceMinor: bigint; readonly heldMinor: bigint };

/** Money kept on an account by an order, until staff release it. Does no I/O. */
export class Attachment {
  #state: AttachmentState;

  constructor(state: AttachmentState) {
    this.#state = state;
  }

  get state(): AttachmentState {
    return this.#state;
  }

  /**
   * Keeps what the account has above the protected amount, up to what the order still lacks, and returns how much that
   * is, in minor units: nothing where there is no more.
   */
  keep({ balanceMinor, heldMinor }: Funds): bigint {
    const { status, amountMinor, protectedMinor, heldMinor: keptMinor } = this.#state;
    if (status !== 'active') return 0n;
    const thereMinor = balanceMinor - heldMinor - protectedMinor;
    const lackingMinor = amountMinor - keptMinor;
    if (thereMinor <= 0n || lackingMinor === 0n) return 0n;
    const isEnough = thereMinor >= lackingMinor;
    const takenMinor = isEnough ? lackingMinor : thereMinor;
    this.#state = { ...this.#state, heldMinor: keptMinor + takenMinor };
    return takenMinor;
  }

  /** Lets go of what is kept, and returns it in minor units. Throws 409 `attachment_not_active`. The reason is clean. */
  release(releaseReason: string, nowMs: number): bigint {
    const { status, heldMinor } = this.#state;
    if (status !== 'active') throw holdError('attachment_not_active');
    this.#state = { ...this.#state, status: 'released', heldMinor: 0n, releaseReason, releasedAtMs: nowMs };
    return heldMinor;
  }
}
