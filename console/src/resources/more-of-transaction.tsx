import { lazy, type ReactNode, Suspense } from 'react';
import { TransactionScreen } from '../screens/transaction.tsx';

const More = lazy(() => import('./more.tsx').then((module) => ({ default: module.More })));

/** The screen made by hand, and below it the other acts and what belongs to the record. */
export function TransactionScreenAndMore(): ReactNode {
  return (
    <>
      <TransactionScreen />
      <Suspense fallback={null}>
        <More resource="transactions" without={['reverseTransaction']} />
      </Suspense>
    </>
  );
}
