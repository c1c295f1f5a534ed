/** The promise's outcome, or throws `late` if it has none in time; a later outcome is ignored. */
export async function within<Result>(
  timeoutMs: number,
  promise: Promise<Result>,
  late: () => Error,
): Promise<Result> {
  const { promise: expired, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(late()), timeoutMs);
  try {
    return await Promise.race([promise, expired]);
  } finally {
    clearTimeout(timer);
  }
}
