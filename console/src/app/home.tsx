import { lazyRouteComponent, Navigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useSession } from '../api/use-bank.ts';

const Desk = lazyRouteComponent(() => import('../screens/desk.tsx'), 'Desk');

/** Where a user begins. */
export function Home(): ReactNode {
  const state = useSession();
  if (state.is !== 'in' && state.is !== 'over') return null;
  return state.user.role === 'customer' ? <Navigate to="/my" replace /> : <Desk />;
}
