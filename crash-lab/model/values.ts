/** Crockford's base32 in lower case, as TypeIDs have it. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** The UUID in a TypeID such as `acc_01h455vb4pex5vsknk084sn02q`, in PostgreSQL's way of writing it. */
export function uuidOf(typeId: string): string {
  let value = 0n;
  for (const character of typeId.slice(typeId.indexOf('_') + 1)) {
    value = value * 32n + BigInt(ALPHABET.indexOf(character));
  }
  const hex = value.toString(16).padStart(32, '0');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** Cents of an amount with two decimals. */
export function minorOf(amount: string): bigint {
  return BigInt(amount.replace('.', ''));
}
