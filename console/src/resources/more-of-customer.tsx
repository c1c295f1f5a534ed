import { lazy, type ReactNode, Suspense } from 'react';
import { CustomerScreen } from '../screens/customer.tsx';

const More = lazy(() => import('./more.tsx').then((module) => ({ default: module.More })));

/** The screen made by hand, and below it the other acts and what belongs to the record. */
export function CustomerScreenAndMore(): ReactNode {
  return (
    <>
      <CustomerScreen />
      <Suspense fallback={null}>
        <More resource="customers" without={[]} />
      </Suspense>
    </>
  );
}
