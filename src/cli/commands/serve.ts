import type { Command } from 'commander';
import { readConfig } from '#src/config.ts';

/** `serve`: the API, until a signal ends it. */
export function addServeCommand(program: Command): void {
  program
    .command('serve')
    .description('run the bank: the API and its documentation, until SIGINT or SIGTERM')
    .action(serve);
}

async function serve(): Promise<void> {
  const { startServer } = await import('#src/server.ts');
  const server = await startServer(readConfig(process.env));
  await stopSignal();
  await server.close();
}

/** Resolves at the first SIGINT or SIGTERM; at the second the process ends at once. */
function stopSignal(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let signals = 0;
  const onSignal = (): void => {
    signals += 1;
    if (signals > 1) process.exit(1);
    resolve();
  };
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, onSignal);
  return promise;
}
