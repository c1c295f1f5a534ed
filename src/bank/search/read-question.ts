import { type Iban, ibanFault, parseIban } from '#lib/iban.ts';

/** What somebody typed into the one box, read in each way that it can be. */
export type Question = {
  readonly text: string;
  readonly iban: Iban | undefined;
  /** What is wrong with it, where it has the form of an IBAN and is not one. */
  readonly ibanFault: string | undefined;
  /** Digits alone: an account number, perhaps. */
  readonly number: string | undefined;
  /** Amounts in major units that it may mean, as decimal texts; none for what is not an amount. */
  readonly amounts: readonly string[];
};

const IBAN_FORM = /^[A-Za-z]{2}[0-9]{2}[A-Za-z0-9]{11,30}$/;
const NUMBER = /^[0-9]{4,30}$/;
/** Digits with separators, and perhaps the currency before or after them. */
const AMOUNT = /^(?:[A-Za-z]{3})?([0-9][0-9.,'’]*)(?:[A-Za-z]{3})?$/;
/** More than the decimals of any currency that a bank keeps are groups of thousands. */
const MAX_DECIMALS = 3;
/** Longer than that it is an account number. */
const MAX_WHOLE_DIGITS = 9;

export function readQuestion(typed: string): Question {
  const text = typed.trim();
  const joined = text.replaceAll(/\s/g, '');
  const iban = parseIban(joined);
  return {
    text,
    iban,
    ibanFault: IBAN_FORM.test(joined) ? ibanFault(joined) : undefined,
    number: NUMBER.test(joined) ? joined : undefined,
    amounts: readAmounts(joined),
  };
}

/** `1,250` is a thousand two hundred and fifty here and a little more than one there: both are looked for. */
function readAmounts(joined: string): string[] {
  const typed = AMOUNT.exec(joined)?.[1]?.replaceAll(/['’]/g, '');
  if (typed === undefined) return [];
  const [whole = '', ...groups] = typed.split(/[.,]/);
  if (groups.length === 0) return asAmount(whole, '');
  const last = groups.at(-1) ?? '';
  const separators = typed.replaceAll(/[0-9]/g, '');
  const isOfGroups = groups.slice(0, -1).every((group) => group.length === 3);
  const hasPoint = isOfGroups && last.length > 0 && last.length <= MAX_DECIMALS && isLastItsOwn(separators);
  const hasNone = isOfGroups && last.length === 3 && new Set(separators).size === 1;
  return [
    ...(hasPoint ? asAmount([whole, ...groups.slice(0, -1)].join(''), last) : []),
    ...(hasNone ? asAmount([whole, ...groups].join(''), '') : []),
  ];
}

/** Whether the last separator is another one than those before it, which are of one kind. */
function isLastItsOwn(separators: string): boolean {
  const [before, last] = [separators.slice(0, -1), separators.at(-1) ?? ''];
  return before === '' || (new Set(before).size === 1 && !before.includes(last));
}

function asAmount(whole: string, decimals: string): string[] {
  const digits = whole.replace(/^0+(?=[0-9])/, '');
  if (digits.length > MAX_WHOLE_DIGITS || !/[1-9]/.test(digits + decimals)) return [];
  return [decimals === '' ? digits : `${digits}.${decimals}`];
}
