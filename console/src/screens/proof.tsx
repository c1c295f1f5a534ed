import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { AuditProof, AuditRow } from '#sdk/index.ts';
import { bank } from '../api/session.ts';
import { type Check, type Checkpoint, checkProof, readCheckpoint } from '../proof/check.ts';
import { useText } from '../text/language.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Failure } from '../ui/fail.tsx';

type Proven = { readonly proof: AuditProof; readonly checks: readonly Check[] };

/** That a row is as it was sealed: computed here, step by step, with a checkpoint from elsewhere if there is one. */
export function ProofDialog({
  row,
  onClose,
}: {
  readonly row: AuditRow;
  readonly onClose: () => void;
}): ReactNode {
  const text = useText();
  const [kept, setKept] = useState<Checkpoint>();
  const [isNone, setNone] = useState(false);
  const { data, error, isPending } = useQuery({
    queryKey: ['proof', row.id, kept?.blockHash],
    queryFn: () => prove(row.id, kept),
    // Computed again whenever it is asked: the row may have been changed since.
    gcTime: 0,
    retry: false,
  });
  const take = async (file: File | undefined): Promise<void> => {
    const checkpoint = file === undefined ? undefined : readCheckpoint(await file.text());
    setNone(file !== undefined && checkpoint === undefined);
    setKept(checkpoint);
  };
  return (
    <Dialog title={text.proof.title} onClose={onClose}>
      {isPending && <p aria-busy="true">{text.list.loading}</p>}
      {error !== null && <Failure error={error} />}
      {data !== undefined && <Checks {...data} />}
      <div className="field">
        <label>
          {text.proof.checkpoint}
          <input
            type="file"
            accept="application/json"
            onChange={(event) => void take(event.target.files?.[0])}
          />
        </label>
        <p className={isNone ? 'hint wrong' : 'hint'}>{isNone ? text.proof.noCheckpoint : text.proof.why}</p>
      </div>
      <button type="button" className="primary" autoFocus onClick={onClose}>
        {text.act.done}
      </button>
    </Dialog>
  );
}

async function prove(id: string, kept: Checkpoint | undefined): Promise<Proven> {
  const proof = await bank.auditLog.proof(
    id,
    kept === undefined ? {} : { toBlock: Number(kept.blockNumber) },
  );
  return { proof, checks: await checkProof(proof, kept) };
}

function Checks({ proof, checks }: Proven): ReactNode {
  const text = useText();
  const holds = checks.every((check) => check.holds);
  return (
    <>
      <p role="status" className={holds ? 'notice holds' : 'notice failed'}>
        <strong>{holds ? text.proof.holds : text.proof.broken}</strong>
      </p>
      <ol className="checks">
        {checks.map(({ name, holds: isRight, computed }) => (
          <li key={name} className={isRight ? undefined : 'wrong'}>
            {isRight ? '✓' : '✗'} {text.proof.checks[name]} <code>{computed}</code>
          </li>
        ))}
      </ol>
      <details>
        <summary>{text.proof.path}</summary>
        <ol className="checks">
          {proof.path.map(({ side, hash }) => (
            <li key={hash}>
              {text.proof[side]} <code>{hash}</code>
            </li>
          ))}
        </ol>
      </details>
    </>
  );
}
