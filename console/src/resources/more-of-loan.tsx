import { lazy, type ReactNode, Suspense } from 'react';
import { LoanScreen } from '../screens/loan.tsx';

const More = lazy(() => import('./more.tsx').then((module) => ({ default: module.More })));

/** The screen made by hand, and below it the other acts and what belongs to the record. */
export function LoanScreenAndMore(): ReactNode {
  return (
    <>
      <LoanScreen />
      <Suspense fallback={null}>
        <More resource="loans" without={[]} />
      </Suspense>
    </>
  );
}
