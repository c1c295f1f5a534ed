import { type Config, ConfigError } from '#config/config.ts';
import { takeDatabaseAlone } from '#db/alone.ts';
import { isToBeReplaced, replaceCheckValue } from '#db/data-key-check.ts';
import { BOOK_ID, openDatabase, type Tx } from '#db/database.ts';
import { keepFormerDataKey } from '#db/former-data-keys.ts';
import { assertMigrated } from '#db/migrate.ts';
import { inTransaction } from '#db/transaction.ts';
import { adoptNextDataKey, loadOrCreateNextDataKey } from '#embedded/data-key-file.ts';
import { findLastSheetNumber, recordAudit } from '#features/audit/contract.ts';
import type { Caller } from '#lib/caller.ts';
import type { DataKey, KeyChange } from '#lib/data-key.ts';
import { commonError } from '#lib/errors.ts';
import { systemClock } from '#lib/time/clock.ts';
import { DATA_KEY_USES, type DataKeyUseName } from './data-key-uses.ts';
import { heldDataKey, reachDatabase, requireDatabase } from './open-bank.ts';

type Counts = Readonly<Record<DataKeyUseName, number>>;

export type DataKeyRotation = {
  /** Rows that were written under the new key; undefined where an earlier run had done so already. */
  readonly counts: Counts | undefined;
  /** Where the former key is kept; undefined where it came from the environment. */
  readonly formerKeyFile: string | undefined;
};

export type RotateOptions = {
  readonly caller: Caller;
  readonly onProgress?: (line: string) => void;
  /** What there is to leave at a signal. */
  readonly onReached?: (leave: () => Promise<void>) => void;
};

/**
 * Puts a new data key in place of the bank's, and writes under it all that was sealed under the one before, in one
 * transaction: cut off at any moment, either key is in force for everything. Nobody else may be connected.
 * Called again after it was cut off, it goes on where it was. Throws ConfigError, DatabaseStartError, DataKeyError.
 */
export async function rotateDataKey(config: Config, options: RotateOptions): Promise<DataKeyRotation> {
  if (config.isReadOnly) throw commonError('read_only');
  requireDatabase(config);
  const from = await heldDataKey(config);
  const isOfFile = config.dataKey === undefined;
  const keys = { from, to: await nextKey(config) };
  const { databaseUrl, embedded } = await reachDatabase(config, options.onProgress);
  options.onReached?.(async () => embedded?.close());
  try {
    await assertMigrated(databaseUrl);
    const counts = await rotateDatabase(databaseUrl, keys, { ...options, ownPid: embedded?.presencePid });
    const formerKeyFile = isOfFile ? adoptNextDataKey(config.dataDir, keys.to) : undefined;
    return { counts, formerKeyFile };
  } finally {
    await embedded?.close();
  }
}

/** The new key, which is stored before anything is sealed with it: one printed at the end could be lost. */
async function nextKey({ dataKey, newDataKey, dataDir }: Config): Promise<DataKey> {
  if (dataKey === undefined) {
    if (newDataKey === undefined) return loadOrCreateNextDataKey(dataDir);
    throw new ConfigError(
      'FLORIN_NEW_DATA_KEY is for a key in FLORIN_DATA_KEY: for data.key, Florin makes it',
    );
  }
  if (newDataKey !== undefined) return newDataKey;
  throw new ConfigError(
    'FLORIN_NEW_DATA_KEY is needed beside FLORIN_DATA_KEY: make it with `florin data-key`, and store it where the key is kept before you rotate',
  );
}

async function rotateDatabase(
  databaseUrl: string,
  keys: KeyChange,
  { caller, onProgress, ownPid }: RotateOptions & { readonly ownPid: number | undefined },
): Promise<Counts | undefined> {
  // As the owner: the application's role may not replace a key.
  const { db, abandon } = openDatabase({
    databaseUrl,
    asApplication: false,
    poolSize: 1,
    statementTimeoutMs: 0,
    applicationName: 'florin data-key rotate',
  });
  try {
    if (!(await isToBeReplaced(db, BOOK_ID, keys))) return undefined;
    return await inTransaction(db, async (tx) => {
      await takeDatabaseAlone(tx, ownPid);
      const lastSheetNumber = await findLastSheetNumber(tx, BOOK_ID);
      const nowMs = systemClock.nowMs();
      const number = await keepFormerDataKey(tx, BOOK_ID, keys, { lastSheetNumber, nowMs });
      const counts = await rotateUses(tx, keys, onProgress);
      await replaceCheckValue(tx, BOOK_ID, keys);
      await recordAudit(
        tx,
        { bookId: BOOK_ID, clock: systemClock },
        {
          caller,
          operation: 'rotateDataKey',
          resourceType: 'data_key',
          resourceId: String(number),
          after: counts,
        },
      );
      return counts;
    });
  } finally {
    await abandon();
  }
}

async function rotateUses(tx: Tx, keys: KeyChange, onProgress: RotateOptions['onProgress']): Promise<Counts> {
  const counts = { nationalIds: 0, identifiers: 0, secondFactors: 0, signingKeys: 0, answers: 0 };
  for (const [name, { columns, rotate }] of Object.entries(DATA_KEY_USES)) {
    onProgress?.(`encrypting again: ${columns[0]}`);
    Object.assign(counts, { [name]: await rotate(tx, BOOK_ID, keys) });
  }
  return counts;
}
