/** What usually takes a second or two; a server that has not ended after this says what it waits for. */
const PATIENCE_SECONDS = 20;

/** Waits for a stage of the stop. One that takes long is named on standard error: nobody else could tell. */
export async function untilEnded(stage: string, work: Promise<unknown> | undefined): Promise<void> {
  let seconds = 0;
  const timer = setInterval(() => {
    seconds += PATIENCE_SECONDS;
    process.stderr.write(`florin: still stopping after ${seconds} s: waits for ${stage}\n`);
  }, PATIENCE_SECONDS * 1_000);
  try {
    await work;
  } finally {
    clearInterval(timer);
  }
}
