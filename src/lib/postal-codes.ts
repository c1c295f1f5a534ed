/**
 * Countries and territories without postal codes, or where most addresses do without, by the Universal Postal Union's
 * guides to addressing.
 */
const WITHOUT = new Set(
  `AE AG AN AO AW BF BI BJ BO BS BW BZ CD CF CG CI CK CM DJ DM ER FJ GA GD GH GM GN GQ GY HK IE JM KI KM KN KP LC LY ML
   MO MR MS MW MZ NA NG NR NU PA QA RW SB SC SL SR ST SX SY TD TG TK TL TO TT TV TZ UG VU WS YE
   ZW`.split(/\s+/),
);

/** Whether an address in the country has a postal code as a rule. */
export function hasPostalCodes(country: string): boolean {
  return !WITHOUT.has(country);
}
