export const sidebarCookie = 'sluice-sidebar';

/** Keeps the width of the navigation for a year, where the server can read it before the first paint. */
export function rememberCollapsed(collapsed: boolean): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing on plain HTTP addresses.
  document.cookie = `${sidebarCookie}=${collapsed ? 'rail' : 'full'}; Path=/; Max-Age=31536000; SameSite=Lax`;
}
