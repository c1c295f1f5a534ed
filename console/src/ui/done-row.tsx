import type { ReactNode } from 'react';
import { useText } from '../text/language.tsx';

type DoneRowProps = {
  readonly onClose: () => void;
  /** Further buttons beside it. */
  readonly children?: ReactNode;
};

/** Ends a form that is done: Enter is enough. It is not printed. */
export function DoneRow({ onClose, children }: DoneRowProps): ReactNode {
  const { act } = useText();
  return (
    <p className="row no-print">
      <button type="button" className="primary" autoFocus onClick={onClose}>
        {act.done}
      </button>
      {children}
    </p>
  );
}

/** The same below a receipt, which may be printed first. */
export function ReceiptRow({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { counter } = useText();
  return (
    <DoneRow onClose={onClose}>
      <button type="button" onClick={() => print()}>
        {counter.print}
      </button>
    </DoneRow>
  );
}
