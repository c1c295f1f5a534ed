// Standing orders: recurring payments, and the outcome of each due date.

export { standingOrderEstates } from './estates.ts';
export { STANDING_ORDER_LAWS } from './laws.ts';
export { ordersToBeneficiary, standingOrderHoldings } from './payee-leaves.ts';
export { insertOrders } from './repository.ts';
export { skipOrders } from './skip-orders.ts';
export { StandingOrder } from './standing-order.ts';
export { standingOrdersStep } from './step.ts';
