import { FieldError, readDate, readId } from '../fields.ts';
import type { RowType } from './row-type.ts';

/** A payment card of one holder of an account. Checked and kept as a record. */
export type Card = { readonly dispositionId: string };

const ISSUED = /^(\d{6}) 00:00:00$/;

export const CARD: RowType<'card_id' | 'disp_id' | 'type' | 'issued', Card> = {
  name: 'card',
  columns: ['card_id', 'disp_id', 'type', 'issued'],
  read: (texts) => {
    readId(texts.card_id, 'card_id');
    const [, issuedOn] = ISSUED.exec(texts.issued) ?? [];
    if (issuedOn === undefined) throw new FieldError(`issued "${texts.issued}" is not YYMMDD 00:00:00`);
    readDate(issuedOn, 'issued');
    return { dispositionId: readId(texts.disp_id, 'disp_id') };
  },
  links: ({ dispositionId }) => [{ to: 'disposition', id: dispositionId }],
};
