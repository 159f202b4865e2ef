/** A process as the worker is: it loads Kafka's client only when it is asked to. */
if (process.argv[2] === "kafka") await import("../client.ts");
