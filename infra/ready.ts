/** The health check of the containers: `node infra/ready.ts PORT` ends with 0 when the process there can serve. */
try {
  const response = await fetch(`http://127.0.0.1:${process.argv[2]}/readyz`, {
    signal: AbortSignal.timeout(2_000),
  });
  process.exitCode = response.ok ? 0 : 1;
} catch {
  // Nobody listens there, which is the answer.
  process.exitCode = 1;
}
