import { skipToken, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type ReactNode, useDeferredValue } from 'react';
import type { LoanQuote } from '#sdk/index.ts';
import { bank } from '../api/session.ts';
import { useAnswer } from '../api/use-bank.ts';
import { showDecimal } from '../forms/numbers.ts';
import { readAmount } from '../show/amounts.ts';
import { DateText, Money } from '../show/show.tsx';
import { fill, useLanguage, useText } from '../text/language.tsx';
import { Failure } from '../ui/fail.tsx';
import { Field } from '../ui/field.tsx';
import { Facts, Table } from '../ui/list.tsx';

const route = getRouteApi('/loans/offers');

/** What a customer compares with one look. */
const OFFERS = ['a', 'b', 'c'] as const;

/** One offer as typed; all three are in the address, so that the case can be kept and sent on. */
export type Offer = {
  readonly amount: string;
  readonly months: string;
  readonly rate: string;
  readonly grace: string;
};

const EXAMPLES: Readonly<Record<(typeof OFFERS)[number], Offer>> = {
  a: { amount: '10000', months: '24', rate: '6', grace: '0' },
  b: { amount: '10000', months: '36', rate: '6', grace: '0' },
  c: { amount: '10000', months: '48', rate: '6', grace: '0' },
};

/** `10000~24~6~0`: an offer as it stands in the address. */
export function readOffer(text: string | undefined, example: Offer): Offer {
  const [amount, months, rate, grace] = (text ?? '').split('~');
  if (amount === undefined || months === undefined || rate === undefined || grace === undefined)
    return example;
  return { amount, months, rate, grace };
}

/** Three offers side by side; nothing is stored by asking. */
export function Offers(): ReactNode {
  const text = useText();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { data: today } = useAnswer('businessDate.get');
  const change = (name: (typeof OFFERS)[number], offer: Offer): void =>
    void navigate({
      search: (old) => ({ ...old, [name]: [offer.amount, offer.months, offer.rate, offer.grace].join('~') }),
      replace: true,
    });
  return (
    <>
      <h1>{text.offers.title}</h1>
      <p className="no-print">{text.offers.why}</p>
      <div className="columns">
        {OFFERS.map((name, index) => (
          <OfferColumn
            key={name}
            title={fill(text.offers.offer, { number: String(index + 1) })}
            offer={readOffer(search[name], EXAMPLES[name])}
            disbursedOn={today?.businessDate}
            onChange={(offer) => change(name, offer)}
          />
        ))}
      </div>
    </>
  );
}

const CURRENCY = 'EUR';
const DIGITS = 2;

type ColumnProps = {
  readonly title: string;
  readonly offer: Offer;
  readonly disbursedOn: string | undefined;
  readonly onChange: (offer: Offer) => void;
};

function OfferColumn({ title, offer, disbursedOn, onChange }: ColumnProps): ReactNode {
  const { text } = useLanguage();
  const typed = (name: keyof Offer) => (event: { target: { value: string } }) =>
    onChange({ ...offer, [name]: event.target.value.replaceAll('~', '') });
  return (
    <section aria-label={title}>
      <h2>{title}</h2>
      <Field
        label={`${text.counter.amount} (${CURRENCY})`}
        inputMode="decimal"
        value={offer.amount}
        onChange={typed('amount')}
      />
      <Field label={text.offers.months} inputMode="numeric" value={offer.months} onChange={typed('months')} />
      <Field label={text.offers.rate} inputMode="decimal" value={offer.rate} onChange={typed('rate')} />
      <Field label={text.offers.grace} inputMode="numeric" value={offer.grace} onChange={typed('grace')} />
      <Quoted offer={offer} disbursedOn={disbursedOn} />
    </section>
  );
}

function Quoted({ offer, disbursedOn }: Pick<ColumnProps, 'offer' | 'disbursedOn'>): ReactNode {
  const { text, locale } = useLanguage();
  const wanted = useDeferredValue(offer);
  const amount = readAmount(wanted.amount, locale, DIGITS);
  const isComplete = amount !== undefined && /^\d+$/.test(wanted.months) && /^\d+$/.test(wanted.grace);
  const { data: quote, error } = useQuery({
    queryKey: ['loans.quote', wanted, amount, disbursedOn],
    queryFn:
      amount === undefined || disbursedOn === undefined || !isComplete
        ? skipToken
        : ({ signal }) =>
            bank.loans.quote(
              {
                amount,
                currency: CURRENCY,
                instalments: Number(wanted.months),
                annualRatePercent: wanted.rate.replace(',', '.'),
                gracePrincipal: Number(wanted.grace),
                disbursedOn,
              },
              { signal },
            ),
    retry: false,
    placeholderData: (last) => last,
  });
  if (!isComplete) return <p className="hint wrong">{text.offers.incomplete}</p>;
  if (error !== null) return <Failure error={error} />;
  if (quote === undefined) return <p aria-busy="true">{text.list.loading}</p>;
  return <Result quote={quote} />;
}

function Result({ quote }: { readonly quote: LoanQuote }): ReactNode {
  const { text, locale } = useLanguage();
  const { schedule, totals } = quote;
  const money = (amount: string): ReactNode => <Money amount={amount} currency={CURRENCY} />;
  return (
    <>
      <Facts
        facts={[
          [text.offers.first, money(schedule[0]?.total ?? '0')],
          [text.offers.interest, money(totals.interest)],
          [text.offers.total, money(totals.total)],
          [text.offers.apr, `${showDecimal(quote.aprPercent, locale)} %`],
        ]}
      />
      <details>
        <summary>{text.loans.schedule}</summary>
        <Table
          caption={text.loans.schedule}
          items={schedule}
          keyOf={({ number }) => String(number)}
          columns={[
            { head: text.loans.due, cell: ({ dueDate }) => <DateText date={dueDate} /> },
            { head: text.loans.principal, isNumber: true, cell: ({ principal }) => money(principal) },
            { head: text.loans.interest, isNumber: true, cell: ({ interest }) => money(interest) },
            { head: text.loans.instalment, isNumber: true, cell: ({ total }) => money(total) },
          ]}
        />
      </details>
    </>
  );
}
