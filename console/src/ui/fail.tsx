import type { ReactNode } from 'react';
import { FlorinProblem, NoAnswerError } from '#sdk/index.ts';
import { Code } from '../show/show.tsx';
import { fill, useText } from '../text/language.tsx';

/** What went wrong, in words, with the id that the bank's own people can look up. A failure never looks like nothing. */
export function Failure({
  error,
  retry,
}: {
  readonly error: unknown;
  readonly retry?: () => void;
}): ReactNode {
  const text = useText();
  const problem = error instanceof FlorinProblem ? error : undefined;
  return (
    <div className="notice failed" role="alert">
      <p>{wordsOf(error, text.list.failed, text.offline)}</p>
      {problem !== undefined && problem.errors.length > 0 && (
        <ul>
          {problem.errors.map(({ path, message }) => (
            <li key={`${path} ${message}`}>
              {path}: {message}
            </li>
          ))}
        </ul>
      )}
      {problem?.requestId !== undefined && (
        <p className="small">
          <Code value={problem.requestId} label={fill(text.list.requestId, { id: problem.requestId })} />
        </p>
      )}
      {retry !== undefined && (
        <button type="button" onClick={retry}>
          {text.list.retry}
        </button>
      )}
    </div>
  );
}

function wordsOf(error: unknown, failed: string, offline: string): string {
  if (error instanceof NoAnswerError) return offline;
  return error instanceof FlorinProblem ? error.message : failed;
}
