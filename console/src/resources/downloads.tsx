import { type ReactNode, useState } from 'react';
import type { Operation } from '../forms/description.ts';
import { useLabels } from '../forms/labels/labels.ts';
import { fill } from '../text/language.tsx';
import { Failure } from '../ui/fail.tsx';
import { type Params, save } from './bank.ts';

type DownloadsProps = {
  readonly operation: Operation;
  readonly path: Params;
  readonly query: Params;
  /** What the files are called, before the dot. */
  readonly name: string;
};

/** Buttons for what an operation has as files. */
export function Downloads({ operation, path, query, name }: DownloadsProps): ReactNode {
  const { words, value } = useLabels();
  const [error, setError] = useState<unknown>();
  const { formats = [] } = operation;
  if (formats.length === 0) return null;
  const ask = (format: string): void => {
    setError(undefined);
    save({ operation, path, query }, format, name).catch(setError);
  };
  return (
    <>
      <div className="acts">
        {formats.map((format) => (
          <button key={format} type="button" onClick={() => ask(format)}>
            {fill(words.download, { format: value('format', format) })}
          </button>
        ))}
      </div>
      {error !== undefined && <Failure error={error} />}
    </>
  );
}
