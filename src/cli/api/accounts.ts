import { sisterIban } from '#lib/account-numbers/account-numbers.ts';
import type { Iban } from '#lib/iban.ts';
import { CommandFailedError } from '../failures.ts';
import { parseAccountReference } from '../values.ts';
import { type Ask, fieldsOf } from './ask.ts';
import { type Fields, isFields } from './body.ts';

/** Finds accounts by what people call them: an id, an IBAN, or a number. */
export class Accounts {
  readonly #ask: Ask;

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /** The id of an account. Throws CommandFailedError `not_found`. */
  async idOf(text: string): Promise<string> {
    const reference = parseAccountReference(text);
    if ('id' in reference) return text;
    const { id } = await this.#first(
      'iban' in reference ? { iban: reference.iban } : { number: reference.number },
    );
    if (typeof id !== 'string') throw noSuchAccount(text);
    return id;
  }

  /** The currency of an account. Throws CommandFailedError `not_found`. */
  async currencyOf(text: string): Promise<string> {
    const id = await this.idOf(text);
    const answer = await this.#ask({ method: 'GET', path: `/v1/accounts/${encodeURIComponent(id)}` });
    if (answer.status === 404) throw noSuchAccount(text);
    return String(fieldsOf(answer).currency);
  }

  /**
   * The IBAN that a number of this bank has; undefined where there is none. How numbers become IBANs here shows any
   * account that the caller sees.
   */
  async ibanOf(number: string): Promise<Iban | undefined> {
    const { iban, number: known } = await this.#first({});
    if (typeof iban !== 'string' || typeof known !== 'string') return undefined;
    return sisterIban(iban, known, number);
  }

  async #first(filter: Readonly<Record<string, string>>): Promise<Fields> {
    const query = new URLSearchParams({ ...filter, limit: '1' });
    const { data } = fieldsOf(await this.#ask({ method: 'GET', path: `/v1/accounts?${query.toString()}` }));
    const first: unknown = Array.isArray(data) ? data[0] : undefined;
    return isFields(first) ? first : {};
  }
}

function noSuchAccount(text: string): CommandFailedError {
  return new CommandFailedError('not_found', `There is no account ${text}.`);
}
