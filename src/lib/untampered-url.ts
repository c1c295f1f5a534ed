/** Whether what comes from or goes to a URL cannot be read or changed on its way: https, or http on this machine. */
export function isUntampered({ protocol, hostname }: URL): boolean {
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  return protocol === 'https:' || (protocol === 'http:' && isLocal);
}
