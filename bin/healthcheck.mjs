// Plain JavaScript: asks the server of this container whether it answers, without a shell or curl. Ends with 0 or 1.

/** Below the time-out of the HEALTHCHECK in the Dockerfile, so that the end is ours. */
const TIMEOUT_MS = 2_000;

const url = `http://127.0.0.1:${process.env.PORT || '8080'}/health/live`;
try {
  const answer = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
} catch (error) {
  console.error(`florin: no good answer from ${url} (${error.cause?.code ?? error.message})`);
  process.exitCode = 1;
}
