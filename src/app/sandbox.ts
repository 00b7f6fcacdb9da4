/**
 * A page that a container served, made safe to show: in a frame without our origin, with no way to the network (CSP
 * allows nothing but inline styles, data: images and the one script below), whose links and forms ask us instead.
 */
export function sandboxed(response: { status: number; type: string; body: string }): string {
  const nonce = crypto.randomUUID();
  const html = /html/.test(response.type) ? response.body : `<pre>${escapeHtml(response.body)}</pre>`;
  const policy = `default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'nonce-${nonce}'`;
  return `<!doctype html><meta http-equiv="Content-Security-Policy" content="${policy}">${onWhite}<script nonce="${nonce}">${asker}</script>${html}`;
}

/** The frame is white: a page that follows the reader's dark theme would write white on it. */
const onWhite = '<style>html{color-scheme:only light!important}</style>';

const asker = `
addEventListener('click', (event) => {
  const link = event.target.closest && event.target.closest('a[href]');
  if (!link) return;
  event.preventDefault();
  parent.postMessage({ visit: link.getAttribute('href') }, '*');
});
addEventListener('submit', (event) => {
  event.preventDefault();
  const query = new URLSearchParams(new FormData(event.target)).toString();
  parent.postMessage({ visit: (event.target.getAttribute('action') || '') + '?' + query }, '*');
});`;

const escapeHtml = (text: string): string =>
  text.replace(/[&<>]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[c]!);
