/** The health check of the containers: `node infra/ready.ts PORT` ends with 0 if the process on that port can serve. */
try {
  const response = await fetch(`http://127.0.0.1:${process.argv[2]}/readyz`, {
    signal: AbortSignal.timeout(2_000),
  });
  process.exitCode = response.ok ? 0 : 1;
} catch {
  // Nothing listens on the port, so the process is not ready.
  process.exitCode = 1;
}
