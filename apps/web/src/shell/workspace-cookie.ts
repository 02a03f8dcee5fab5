export const workspaceCookie = 'sluice-workspace';

/** Keeps which workspace to open at the next visit. */
export function rememberWorkspace(slug: string): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing on plain HTTP addresses.
  document.cookie = `${workspaceCookie}=${slug}; Path=/; Max-Age=31536000; SameSite=Lax`;
}
