import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blockHash, merklePath, merkleRoot } from '#features/audit/block-hash.ts';
import { exportCheckpoint } from '#features/audit/contract.ts';
import type { AuditEntryView } from '#features/audit/schemas.ts';
import { sealAllRows } from '#features/audit/sealer.ts';
import { currentSigningKey } from '#identity/tokens/contract.ts';
import { created, openApi, type Page, refused } from '#test/support/api.ts';
import { faultsOf } from './check-proof.ts';

const api = await openApi();
const auditor = await api.as('auditor');
const { context } = api.bank;

/** A customer, and the rows of the trail that say so; five to a block. */
async function written(): Promise<readonly AuditEntryView[]> {
  const rows: AuditEntryView[] = [];
  for (let count = 0; count < 5; count++) {
    const { id } = await api.newCustomer();
    rows.push(...created(await auditor.get<Page<AuditEntryView>>(`/v1/audit-log?resource=${id}`)).data);
  }
  return rows;
}

const proofOf = (id: string, query = '') => auditor.get<unknown>(`/v1/audit-log/${id}/proof${query}`);
const seal = () => sealAllRows(context);
const keep = async () => {
  const checkpoint = await exportCheckpoint(context, await currentSigningKey(context));
  assert.ok(checkpoint !== undefined, 'something is sealed');
  return { ...checkpoint, publicKey: checkpoint.publicKey as { crv: string; kty: string; x: string } };
};

test('a row is proven from the text of the page and nothing else, wherever it is in its block', async () => {
  for (let block = 0; block < 3; block++) {
    const rows = await written();
    await api.newAccount({ balance: '1.00' });
    await seal();
    for (const { id, actor } of rows) {
      const answer = await proofOf(id);
      created(answer);
      assert.deepEqual(faultsOf(answer.text), []);
      const leaf = Buffer.from((answer.body as { leaf: string }).leaf, 'hex').toString('latin1');
      assert.ok(leaf.includes(actor), 'the bytes are those of the row');
    }
  }
});

test('a checkpoint that was kept agrees with the chain up to its block', async () => {
  const [row] = await written();
  await seal();
  for (let block = 0; block < 3; block++) {
    await written();
    await seal();
  }
  const kept = await keep();
  await written();
  await seal();
  const answer = await proofOf(row!.id, `?toBlock=${kept.blockNumber}`);
  created(answer);
  assert.deepEqual(faultsOf(answer.text, kept), []);
  assert.deepEqual(faultsOf(answer.text, await keep()), ['the checkpoint agrees'], 'of another block');
  refused(await proofOf(row!.id, '?toBlock=1'), 400, 'validation_failed');
  refused(await proofOf(row!.id, '?toBlock=9000000'), 400, 'validation_failed');
});

test('an edited row turns red; a block that was forged for it, too, by a checkpoint that was kept', async () => {
  const [row, other] = await written();
  await seal();
  const kept = await keep();
  assert.deepEqual(faultsOf((await proofOf(row!.id)).text), []);
  await api.asOwner(`update audit_log set actor = 'usr_somebody_else' where audit_id = '${row!.id}'`);
  assert.deepEqual(faultsOf((await proofOf(row!.id)).text), ['the row is in the tree']);
  assert.deepEqual(faultsOf((await proofOf(other!.id)).text), [], 'the others are as they were');
  await forgeLastBlock(row!.id);
  const forged = await proofOf(row!.id, `?toBlock=${kept.blockNumber}`);
  assert.deepEqual(faultsOf(forged.text, kept), ['the checkpoint agrees']);
});

/** Makes the last block anew for a row that was edited, as anybody with the database can. */
async function forgeLastBlock(id: string): Promise<void> {
  type Row = Record<'first' | 'last' | 'number', string> &
    Record<'hashes' | 'leaf' | 'previous', Buffer> & { ids: string[]; sealed: Date };
  const proof = (await proofOf(id)).body as { leaf: string };
  const [block] = await api.asOwner<Row>(`
    select block_number as number, first_position as first, last_position as last, row_hashes as hashes,
      previous_hash as previous, audit_ids::text[] as ids, sealed_at as sealed,
      sha256(decode('${proof.leaf}', 'hex')) as leaf
    from audit_blocks order by block_number desc limit 1`);
  assert.ok(block !== undefined);
  block.leaf.copy(block.hashes, block.ids.indexOf(id) * 32);
  const root = merkleRoot(block.hashes);
  const hash = blockHash({
    bookId: 1,
    blockNumber: BigInt(block.number),
    firstPosition: BigInt(block.first),
    lastPosition: BigInt(block.last),
    merkleRoot: root,
    previousHash: block.previous,
    sealedAtMs: block.sealed.getTime(),
  });
  await api.asOwner(`
    update audit_blocks set row_hashes = decode('${block.hashes.toString('hex')}', 'hex'),
      merkle_root = decode('${root.toString('hex')}', 'hex'), block_hash = decode('${hash.toString('hex')}', 'hex')
    where block_number = ${block.number}`);
}

test('a row that waits is asked for again; one that nobody sealed is said to be none of the bank’s', async () => {
  const [row] = await written();
  const waits = await proofOf(row!.id);
  refused(waits, 409, 'audit_row_not_sealed');
  assert.equal(waits.headers.get('retry-after'), '1');
  await seal();
  created(await proofOf(row!.id));
  const inserted = '01a227cf-79bc-7000-8a1e-1c5a3f6d0b42';
  await api.asOwner(`
    insert into audit_log (book_id, audit_id, at, actor, role, operation, resource_type)
    values (1, '${inserted}', now(), 'cli', 'operator', 'transfer', 'account')`);
  refused(await proofOf(inserted), 409, 'audit_row_in_no_block');
  await api.asOwner(`delete from audit_log where audit_id = '${inserted}'`);
  for (const id of ['01a227cf-79bc-7000-8a1e-1c5a3f6d0b43', 'x', '1']) {
    refused(await proofOf(id), 404, 'not_found');
  }
});

test('a path leads to the root in trees of every size', () => {
  for (let size = 1; size <= 33; size++) {
    const hashes = Buffer.from(Array.from({ length: size * 32 }, (_, index) => (index * 7 + size) % 256));
    const root = merkleRoot(hashes);
    for (let index = 0; index < size; index++) {
      const reached = merklePath(hashes, index).reduce<Buffer>(
        (hash, step) =>
          merkleRoot(Buffer.concat(step.side === 'left' ? [step.hash, hash] : [hash, step.hash])),
        hashes.subarray(index * 32, (index + 1) * 32),
      );
      assert.ok(reached.equals(root), `${index} of ${size}`);
    }
  }
});
