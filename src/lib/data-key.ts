import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';

/** A sealed value cannot be opened, or a text is not a key. The message says why, and never what was inside. */
export abstract class DataKeyError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
  }
}

/** The text does not hold 32 bytes in base64url. The text is not repeated: it may be a key. */
export class InvalidDataKeyError extends DataKeyError {}

/** Sealed with another data key than this one. */
export class WrongDataKeyError extends DataKeyError {}

/** Not as it was sealed: bytes changed, cut or added, or sealed for another context. */
export class DamagedDataError extends DataKeyError {}

const KEY_BYTES = 32;
/** 32 bytes in base64url without padding. */
const KEY_TEXT = /^[A-Za-z0-9_-]{43}$/;

/** First byte of a sealed value: the format of the rest. */
const FORMAT = 1;
/** Names the key: tells a wrong key from damage. Two keys share one with probability 2^-32; then it shows as damage. */
const KEY_ID_BYTES = 4;
/** NIST SP 800-38D, 8.2.2: random nonces of 96 bits are safe for 2^32 seals of one key, here of one context. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEAD_BYTES = 1 + KEY_ID_BYTES;
const OVERHEAD_BYTES = HEAD_BYTES + NONCE_BYTES + TAG_BYTES;

/** A fresh data key as text: 43 characters of base64url. */
export function newDataKeyText(): string {
  return randomBytes(KEY_BYTES).toString('base64url');
}

/**
 * The key under which secrets are kept in the database. It is never used directly: every context has keys of its own,
 * derived by HKDF-SHA-256 (RFC 5869). A context names the data, and best also its place
 * (`customers.national_id/1/<id>`): a value moved elsewhere does not open there.
 */
export class DataKey {
  readonly #key: KeyObject;
  readonly #keyId: Buffer;

  private constructor(bytes: Buffer) {
    this.#key = createSecretKey(bytes);
    this.#keyId = this.#derive('key id', '', KEY_ID_BYTES);
  }

  /** Throws InvalidDataKeyError unless the text is 32 bytes in canonical base64url. */
  static fromText(text: string): DataKey {
    const bytes = Buffer.from(text, 'base64url');
    if (!KEY_TEXT.test(text) || bytes.toString('base64url') !== text) {
      throw new InvalidDataKeyError('a data key is 32 random bytes in base64url: 43 characters');
    }
    return new DataKey(bytes);
  }

  /** The key itself, for another process of ours: never to be logged or stored. */
  toText(): string {
    return this.#key.export().toString('base64url');
  }

  /** Identifies this key and reveals nothing about it: stored beside the data it sealed. */
  get checkValue(): Buffer {
    return this.#derive('check value', '', KEY_BYTES);
  }

  /** Seals with AES-256-GCM: format, key id, nonce, ciphertext, tag. Differs each time. */
  encrypt(plaintext: Buffer | string, context: string): Buffer {
    const head = Buffer.concat([Buffer.of(FORMAT), this.#keyId]);
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#derive('encrypt', context), nonce, {
      authTagLength: TAG_BYTES,
    });
    cipher.setAAD(associatedData(head, context));
    const bytes = typeof plaintext === 'string' ? Buffer.from(plaintext, 'utf8') : plaintext;
    const ciphertext = Buffer.concat([cipher.update(bytes), cipher.final()]);
    return Buffer.concat([head, nonce, ciphertext, cipher.getAuthTag()]);
  }

  /** Whether a value was sealed with this key, as far as its head says. */
  hasSealed(sealed: Buffer): boolean {
    return sealed.subarray(1, HEAD_BYTES).equals(this.#keyId);
  }

  /** Opens what `encrypt` sealed for the same context. Throws WrongDataKeyError, DamagedDataError. */
  decrypt(sealed: Buffer, context: string): Buffer {
    if (sealed.length < OVERHEAD_BYTES || sealed[0] !== FORMAT) {
      throw new DamagedDataError('sealed data is cut off or of an unknown format');
    }
    const head = sealed.subarray(0, HEAD_BYTES);
    if (!head.subarray(1).equals(this.#keyId)) {
      throw new WrongDataKeyError('the data was sealed with another data key');
    }
    const nonce = sealed.subarray(HEAD_BYTES, HEAD_BYTES + NONCE_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', this.#derive('encrypt', context), nonce, {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(associatedData(head, context));
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    const start = decipher.update(sealed.subarray(HEAD_BYTES + NONCE_BYTES, -TAG_BYTES));
    try {
      return Buffer.concat([start, decipher.final()]);
    } catch (cause) {
      throw new DamagedDataError('sealed data has changed, or belongs elsewhere', cause);
    }
  }

  /**
   * HMAC-SHA-256, 32 bytes: the same for equal values of a context, so that sealed values can be found and be unique.
   * It is of no use without the key.
   */
  blindIndex(value: string, context: string): Buffer {
    return createHmac('sha256', this.#derive('blind index', context)).update(value, 'utf8').digest();
  }

  #derive(purpose: string, context: string, bytes: number = KEY_BYTES): Buffer {
    return Buffer.from(hkdfSync('sha256', this.#key, '', `florin/v1/${purpose}/${context}`, bytes));
  }
}

/** The key that a rotation replaces, and the one that it puts in its place. */
export type KeyChange = { readonly from: DataKey; readonly to: DataKey };

/** The same value for the same context under the new key. Throws WrongDataKeyError, DamagedDataError. */
export function reseal({ from, to }: KeyChange, sealed: Buffer, context: string): Buffer {
  return to.encrypt(from.decrypt(sealed, context), context);
}

/**
 * The blind index under the new key of the first of some values whose index is stored. Where it is of none of them,
 * because an earlier version wrote a value in another form, the index of the stored one: what was equal stays equal,
 * and what was not stays apart.
 */
export function reindex(
  { from, to }: KeyChange,
  stored: Buffer,
  values: readonly string[],
  context: string,
): Buffer {
  const value = values.find((one) => from.blindIndex(one, context).equals(stored));
  return to.blindIndex(value ?? `of another form\n${stored.toString('hex')}`, context);
}

/** The head has a fixed length: no head and context can be read as another pair. */
function associatedData(head: Buffer, context: string): Buffer {
  return Buffer.concat([head, Buffer.from(context, 'utf8')]);
}
