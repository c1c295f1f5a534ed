/**
 * Countries and territories where no address is complete without a postal code: those of which Google's address data
 * (libaddressinput, the field `require`) says so. Other countries have no postal codes, or many of their addresses have
 * none.
 */
const REQUIRED = new Set(
  `AS AT AU AX BE BL BR CA CH CN CZ DE DK EE ES FI FK FO FR GB GF GG GL GP GR GS GU HR HU IM IN IO IT JE JP KR LI
   LT LU LV MF MP MQ MX MY NC NL NO NZ PH PL PM PN PR PT RE RO RU SA SE SG SH SJ SK TC TH TR TW UA US VI WF YT
   ZA`.split(/\s+/),
);

/** Whether an address in the country must have a postal code. */
export function requiresPostalCode(country: string): boolean {
  return REQUIRED.has(country);
}
