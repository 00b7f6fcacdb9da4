/** The pages that nginx makes itself. */
import { type HttpResponse, isErrno, textContent } from '../../../../spec/index.ts';
import type { Sys } from '../../../kernel/sys.ts';
import { reasons } from '../../../net/http.ts';
import { listingDate } from '../http/date.ts';
import { escapeHtml } from '../http/serve.ts';

const titles: Readonly<Record<number, string>> = {
  301: '301 Moved Permanently',
  302: '302 Found',
  303: '303 See Other',
  307: '307 Temporary Redirect',
  308: '308 Permanent Redirect',
  401: '401 Authorization Required',
  405: '405 Not Allowed',
  502: '502 Bad Gateway',
  503: '503 Service Temporarily Unavailable',
  504: '504 Gateway Time-out',
};

export function specialPage(status: number, server: string): HttpResponse {
  const title = titles[status] ?? `${status} ${reasons[status] ?? ''}`.trim();
  const text = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>${server}</center>\r\n</body>\r\n</html>\r\n`;
  return { status, headers: [['Content-Type', 'text/html']], body: textContent(text) };
}

/** `autoindex on`: directories first, names cut at 50 characters. */
export function indexPage(sys: Sys, directory: string, uri: string): string {
  const rows = sys
    .readdir(directory)
    .filter(({ name }) => !name.startsWith('.'))
    .flatMap(({ name }) => {
      try {
        const stat = sys.stat(`${directory}/${name}`);
        return [{ name, directory: (stat.mode & 0o170000) === 0o040000, stat }];
      } catch (error) {
        if (isErrno(error)) return [];
        throw error;
      }
    })
    .sort((a, b) => Number(b.directory) - Number(a.directory) || (a.name < b.name ? -1 : 1));
  const lines = rows.map((row) => {
    const name = row.directory ? `${row.name}/` : row.name;
    const shown = name.length > 50 ? `${name.slice(0, 47)}..>` : name;
    const size = row.directory ? '-' : String(row.stat.size);
    const link = `<a href="${encodeURI(name)}">${escapeHtml(shown)}</a>${' '.repeat(Math.max(0, 50 - shown.length))}`;
    return `${link} ${listingDate(row.stat.mtime)} ${size.padStart(19)}\r\n`;
  });
  const title = `Index of ${escapeHtml(uri)}`;
  return `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<h1>${title}</h1><hr><pre><a href="../">../</a>\r\n${lines.join('')}</pre><hr></body>\r\n</html>\r\n`;
}
