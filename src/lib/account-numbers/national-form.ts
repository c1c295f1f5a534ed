/** How a country's banks number their accounts. */
export type NationalForm = {
  /** What names the bank and the branch, in the country's words, as it follows “a”. */
  readonly bankCodeName: string;
  /** Such a code, for messages. */
  readonly bankCodeExample: string;
  readonly bankCode: RegExp;
  /** Whether the check digits of a code of the right form are right; not given where it has none. */
  readonly isBankCodeRight?: (bankCode: string) => boolean;
  /** The digits that the bank counts up, without check digits. */
  readonly serialLength: number;
  /**
   * The account number for a serial, filled with zeros: with its check digits. Undefined where that serial has none:
   * it is passed over. Not given where account numbers carry no check digits of the country's.
   */
  readonly numberOf?: (serial: string, bankCode: string) => string | undefined;
  /** False in a country without IBANs. */
  readonly hasIbans: boolean;
  /** What stands between country, check digits and the end of an IBAN: bank code and number, if not given. */
  readonly bbanOf?: (bankCode: string, number: string) => string;
  /** Where the bank code begins in it; at 0 if not given. */
  readonly bankCodeAt?: number;
};

type Rest = Partial<Omit<NationalForm, 'bankCodeName' | 'bankCodeExample' | 'bankCode' | 'serialLength'>>;

/** A form, with IBANs where it does not say otherwise. */
export function nationalForm(
  bankCodeName: string,
  bankCodeExample: string,
  bankCode: RegExp,
  serialLength: number,
  rest: Rest = {},
): NationalForm {
  return { bankCodeName, bankCodeExample, bankCode, serialLength, hasIbans: true, ...rest };
}
