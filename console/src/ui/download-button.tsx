import { type ReactNode, useState } from 'react';
import { download } from '../show/download.ts';
import { Failure } from './fail.tsx';

type DownloadButtonProps = {
  readonly label: string;
  /** What a screen reader says, where the label alone stands in many rows. */
  readonly name?: string;
  readonly file: string;
  readonly read: () => Promise<Blob>;
};

/** Asks the bank for a file and hands it over. */
export function DownloadButton({ label, name, file, read }: DownloadButtonProps): ReactNode {
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const go = async (): Promise<void> => {
    setBusy(true);
    try {
      download(await read(), file);
      setError(undefined);
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <button type="button" aria-label={name} disabled={isBusy} onClick={() => void go()}>
        {label}
      </button>
      {error !== undefined && <Failure error={error} />}
    </>
  );
}
