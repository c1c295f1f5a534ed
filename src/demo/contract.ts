export type { CreateDemoServices, DemoServices } from './demo-services.ts';
export type { DemoProgress } from './run-plan.ts';
export type { DemoSummary, SeedDemoOptions } from './seed.ts';
export { seedDemo } from './seed.ts';
