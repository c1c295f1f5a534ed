import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isValidIBAN } from 'ibantools';
import {
  accountNumberOf,
  findNationalForm,
  isBankCode,
  knownCountries,
} from '#lib/account-numbers/account-numbers.ts';

type Example = readonly [
  country: string,
  bankCode: string,
  serial: string,
  number: string,
  iban: string | undefined,
];

/** SWIFT, IBAN Registry: the example of each country. */
const IBAN_REGISTRY: readonly Example[] = [
  ['AD', '00012030', '200359100100', '200359100100', 'AD1200012030200359100100'],
  ['AE', '033', '1234567890123456', '1234567890123456', 'AE070331234567890123456'],
  ['AL', '21211009', '0000000235698741', '0000000235698741', 'AL47212110090000000235698741'],
  ['AT', '19043', '234573201', '00234573201', 'AT611904300234573201'],
  ['AZ', 'NABZ', '137010001944', '00000000137010001944', 'AZ21NABZ00000000137010001944'],
  ['BA', '129007', '94010284', '9401028494', 'BA391290079401028494'],
  ['BE', '539', '0075470', '007547034', 'BE68539007547034'],
  ['BG', 'BNBG966110', '20345678', '20345678', 'BG80BNBG96611020345678'],
  ['BH', 'BMAG', '00001299123456', '00001299123456', 'BH67BMAG00001299123456'],
  ['BY', 'NBRB3600', '900000002Z00AB00', '900000002Z00AB00', 'BY13NBRB3600900000002Z00AB00'],
  ['CH', '00762', '011623852957', '011623852957', 'CH9300762011623852957'],
  ['CR', '0152', '02001026284066', '02001026284066', 'CR05015202001026284066'],
  ['CY', '00200128', '0000001200527600', '0000001200527600', 'CY17002001280000001200527600'],
  ['DE', '37040044', '532013000', '0532013000', 'DE89370400440532013000'],
  ['DK', '0040', '440116243', '0440116243', 'DK5000400440116243'],
  ['DO', 'BAGR', '1212453611324', '00000001212453611324', 'DO28BAGR00000001212453611324'],
  ['EE', '2200', '22102014568', '221020145685', 'EE382200221020145685'],
  ['EG', '00190005', '263180002', '00000000263180002', 'EG380019000500000000263180002'],
  ['ES', '21000418', '0200051332', '450200051332', 'ES9121000418450200051332'],
  ['FI', '123456', '0000078', '00000785', 'FI2112345600000785'],
  ['FR', '2004101005', '0500013M026', '0500013M02606', 'FR1420041010050500013M02606'],
  ['GB', 'NWBK601613', '31926819', '31926819', 'GB29NWBK60161331926819'],
  ['GE', 'NB', '101904917', '0000000101904917', 'GE29NB0000000101904917'],
  ['GI', 'NWBK', '7099453', '000000007099453', 'GI75NWBK000000007099453'],
  ['GR', '0110125', '12300695', '0000000012300695', 'GR1601101250000000012300695'],
  ['HR', '1001005', '186300016', '1863000160', 'HR1210010051863000160'],
  ['HU', '11773016', '1111101', '1111101800000000', 'HU42117730161111101800000000'],
  ['IE', 'AIBK931152', '12345678', '12345678', 'IE29AIBK93115212345678'],
  ['IT', '0542811101', '123456', '000000123456', 'IT60X0542811101000000123456'],
  ['JO', 'CBJO0010', '131000302', '000000000131000302', 'JO94CBJO0010000000000131000302'],
  ['KW', 'CBKU', '1234560101', '0000000000001234560101', 'KW81CBKU0000000000001234560101'],
  ['KZ', '125', 'KZT5004100100', 'KZT5004100100', 'KZ86125KZT5004100100'],
  ['LB', '0999', '1001901229114', '00000001001901229114', 'LB62099900000001001901229114'],
  ['LI', '08810', '2324013AA', '0002324013AA', 'LI21088100002324013AA'],
  ['LT', '10000', '11101001000', '11101001000', 'LT121000011101001000'],
  ['LU', '001', '9400644750000', '9400644750000', 'LU280019400644750000'],
  ['LV', 'BANK', '0000435195001', '0000435195001', 'LV80BANK0000435195001'],
  ['MC', '1122200001', '01234567890', '0123456789030', 'MC5811222000010123456789030'],
  ['MD', 'AG', '000225100013104168', '000225100013104168', 'MD24AG000225100013104168'],
  ['ME', '505', '0000123456789', '000012345678951', 'ME25505000012345678951'],
  ['MK', '250', '1200000589', '120000058984', 'MK07250120000058984'],
  ['MR', '0002000101', '00001234567', '0000123456753', 'MR1300020001010000123456753'],
  ['MT', 'MALT01100', '0012345MTLCAST001S', '0012345MTLCAST001S', 'MT84MALT011000012345MTLCAST001S'],
  ['NL', 'ABNA', '417164300', '0417164300', 'NL91ABNA0417164300'],
  ['NO', '8601', '111794', '1117947', 'NO9386011117947'],
  ['PK', 'SCBL', '1123456702', '0000001123456702', 'PK36SCBL0000001123456702'],
  ['PL', '10901014', '71219812874', '0000071219812874', 'PL61109010140000071219812874'],
  ['PS', 'PALS', '400123456702', '000000000400123456702', 'PS92PALS000000000400123456702'],
  ['PT', '00020123', '12345678901', '1234567890154', 'PT50000201231234567890154'],
  ['QA', 'DOHB', '1234567890ABCDEFG', '00001234567890ABCDEFG', 'QA58DOHB00001234567890ABCDEFG'],
  ['RO', 'AAAA', '1B31007593840000', '1B31007593840000', 'RO49AAAA1B31007593840000'],
  ['RS', '260', '0056010016113', '005601001611379', 'RS35260005601001611379'],
  ['SA', '80', '608010167519', '000000608010167519', 'SA0380000000608010167519'],
  ['SI', '26330', '00120390', '0012039086', 'SI56263300012039086'],
  ['SK', '1200', '8742637541', '8742637541', undefined],
  ['SM', '0322509800', '270100', '000000270100', 'SM86U0322509800000000270100'],
  ['TL', '008', '00123456789101', '0012345678910157', 'TL380080012345678910157'],
  ['TN', '10006', '0351835984788', '035183598478831', 'TN5910006035183598478831'],
  ['TR', '00061', '0519786457841326', '0519786457841326', 'TR330006100519786457841326'],
  ['VA', '001', '123000012345678', '123000012345678', 'VA59001123000012345678'],
  ['VG', 'VPVG', '12345678901', '0000012345678901', 'VG96VPVG0000012345678901'],
  ['XK', '1212', '0123456789', '012345678906', 'XK051212012345678906'],
];

/** Numbers with check digits where there are no IBANs, and where the example of the registry shows another bank's. */
const NATIONAL: readonly Example[] = [
  // Banco Central de la República Argentina; the CBU that Argentina's tax authority prints as its example.
  ['AR', '28505909', '4009041813520', '40090418135201', undefined],
  // Banco do Brasil, how the check digit of an account is computed: agency 1584-9, account 00210169-6.
  ['BR', '0000000015849', '00210169', '0002101696', undefined],
  // Česká národní banka, decree 169/2011, and the registry's 19-2000145399 of bank 0800.
  ['CZ', '0800', '2000145399', '2000145399', undefined],
  // Banco de México, CLABE.
  ['MX', '032180', '00011835971', '000118359719', undefined],
  // Central Bank of Nigeria, NUBAN standard, example 1.
  ['NG', '011', '000001457', '0000014579', undefined],
  // Inland Revenue, resident withholding tax specification: algorithms A and D.
  ['NZ', '010902', '006838', '006838900', undefined],
  ['NZ', '086523', '195451', '195451200', undefined],
  // Stripe, test accounts.
  ['AU', '110000', '123456', '000123456', undefined],
  ['CA', '000011000', '123456789', '000123456789', undefined],
  ['HK', '110000', '123456', '000123456', undefined],
  ['IN', 'HDFC0004051', '123456789', '000123456789', undefined],
  ['JP', '1100000', '1234', '0001234', undefined],
  ['MX', '000000', '00123456789', '001234567897', undefined],
  ['SG', '1100000', '123456', '000123456', undefined],
  ['US', '110000000', '123456789', '000123456789', undefined],
];

for (const [country, bankCode, serial, number, iban] of [...IBAN_REGISTRY, ...NATIONAL]) {
  test(`${country} ${bankCode}: ${serial} has the published number ${number}`, () => {
    const found = accountNumberOf(country, bankCode, serial);
    assert.equal(found?.number, number);
    if (iban !== undefined) assert.equal(found.iban, iban);
  });
}

test('every country that is known has a published example', () => {
  const shown = new Set([...IBAN_REGISTRY, ...NATIONAL].map(([country]) => country));
  assert.deepEqual(knownCountries(), [...shown].toSorted());
  assert.ok(shown.size >= 70);
});

/** IBAN registry examples whose accounts have a part that this bank leaves at zero, or another bank's check digits. */
test('the registry’s examples with a prefix and with another bank’s digits are IBANs too', () => {
  for (const iban of [
    'CZ6508000000192000145399',
    'SK3112000000198742637541',
    'BR1800360305000010009795493C1',
  ]) {
    assert.ok(isValidIBAN(iban));
  }
});

/** American Bankers Association; Hrvatska narodna banka; Narodowy Bank Polski; Magyar Nemzeti Bank. */
const BANK_CODES: readonly (readonly [string, string, boolean])[] = [
  ['US', '111000025', true],
  ['US', '021000021', true],
  ['US', '111000026', false],
  ['US', '401000021', false],
  ['HR', '1001005', true],
  ['HR', '1001006', false],
  ['PL', '10901014', true],
  ['PL', '10901015', false],
  ['HU', '11773016', true],
  ['HU', '11773017', false],
  ['AL', '21211009', true],
  ['AL', '21211000', false],
  ['AR', '28505909', true],
  ['AR', '28505908', false],
  ['IN', 'HDFC1004051', false],
  ['NZ', '990902', false],
  ['GB', '601613', false],
];
for (const [country, bankCode, isRight] of BANK_CODES) {
  test(`${bankCode} is ${isRight ? 'a' : 'no'} bank code of ${country}`, () => {
    const form = findNationalForm(country);
    assert.ok(form !== undefined);
    assert.equal(isBankCode(form, bankCode), isRight);
  });
}
