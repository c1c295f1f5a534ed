import { lazyRouteComponent } from '@tanstack/react-router';
import { type ReactNode, Suspense } from 'react';
import type { OwnUser } from '#sdk/index.ts';
import { useSession } from '../api/use-bank.ts';
import { LoginDialog, LoginPage } from '../screens/login.tsx';

const StaffFrame = lazyRouteComponent(() => import('./staff-frame.tsx'), 'StaffFrame');
const MyFrame = lazyRouteComponent(() => import('../my/frame.tsx'), 'MyFrame');
const Restricted = lazyRouteComponent(() => import('../access/restricted.tsx'), 'Restricted');

/**
 * What is around every screen. Nobody logged in sees the login; who was logged in sees it over the page. Customers and
 * staff load what is theirs.
 */
export function Shell(): ReactNode {
  const state = useSession();
  if (state.is === 'starting') return null;
  if (state.is === 'out') return <LoginPage />;
  return (
    <>
      <Suspense fallback={null}>
        <Framed user={state.user} />
      </Suspense>
      {state.is === 'over' && <LoginDialog email={state.user.email} />}
    </>
  );
}

function Framed({ user }: { readonly user: OwnUser }): ReactNode {
  const must = restrictionOf(user);
  if (must !== undefined) return <Restricted must={must} />;
  return user.role === 'customer' ? <MyFrame user={user} /> : <StaffFrame user={user} />;
}

/** What a user must do first: until then the bank lets them do nothing but what is about their own login. */
function restrictionOf({
  operations,
  mustChangePassword,
}: OwnUser): 'password_change' | 'second_factor' | undefined {
  if (operations.getBank !== undefined) return undefined;
  return mustChangePassword ? 'password_change' : 'second_factor';
}
