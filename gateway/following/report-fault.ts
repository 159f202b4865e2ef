/** Reports a bug in a repeated task, without stopping it. */
export type ReportFault = (error: unknown, where: "task", about: { task: string }) => unknown;
