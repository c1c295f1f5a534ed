import { lazy, type ReactNode, Suspense } from 'react';
import { AccountScreen } from '../screens/account.tsx';

const More = lazy(() => import('./more.tsx').then((module) => ({ default: module.More })));

/** The screen made by hand, and below it the other acts and what belongs to the record. */
export function AccountScreenAndMore(): ReactNode {
  return (
    <>
      <AccountScreen />
      <Suspense fallback={null}>
        <More resource="accounts" without={['deposit', 'withdraw', 'transfer']} />
      </Suspense>
    </>
  );
}
