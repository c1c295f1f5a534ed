export type { DemoProgress } from './run-plan.ts';
export type { DemoSummary } from './seed.ts';
export { seedDemo } from './seed.ts';
