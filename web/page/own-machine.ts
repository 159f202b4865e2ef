/** Whether a page of this host comes from the machine that shows it. @param host of its address, without a port. */
export const isOwnMachine = (host: string): boolean =>
  /^(localhost|127(\.\d{1,3}){3}|\[::1\]|[\w.-]+\.localhost)$/.test(host);
