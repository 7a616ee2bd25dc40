/** Which paths are the desk's own: its router goes there, and its service worker answers them with its page. */
const DESK =
  /^\/($|c\/|tasks|notifications|waiting|v\/|approvals|articles|incidents|peaks|search|admin|account|sign-in|forgot|link$|_ui)/;

export const isDesk = (path: string): boolean => DESK.test(path);
