// url: the old parser, and the way between URLs and paths.
const { URL, URLSearchParams } = require('whatwg-url');
const { coded, invalidType } = require('errors');
const querystring = require('querystring');

function Url() {
  Object.assign(this, {
    protocol: null,
    slashes: null,
    auth: null,
    host: null,
    port: null,
    hostname: null,
    hash: null,
    search: null,
    query: null,
    pathname: null,
    path: null,
    href: null,
  });
}
function parse(text, withQuery = false, slashesDenoteHost = false) {
  if (typeof text !== 'string') {
    if (text instanceof Url) return text;
    throw invalidType('url', 'string', text);
  }
  const out = new Url();
  let rest = text.trim().replace(/\\(?=[^?#]*)/g, '/');
  const take = (pattern) => {
    const match = pattern.exec(rest);
    if (match) rest = rest.slice(match[0].length);
    return match;
  };
  const protocol = take(/^([a-z][a-z\d+.-]*:)/i);
  if (protocol) out.protocol = protocol[1].toLowerCase();
  const special = /^(https?|ftp|file|wss?):$/.test(out.protocol ?? '');
  if ((protocol || slashesDenoteHost) && /^\/\//.test(rest)) {
    out.slashes = true;
    rest = rest.slice(2);
    const authority = take(/^[^/?#]*/)[0];
    const at = authority.lastIndexOf('@');
    if (at >= 0) out.auth = decodeURIComponent(authority.slice(0, at));
    const [, hostname = '', port] = /^(\[[^\]]*\]|[^:]*)(?::(\d*))?$/.exec(authority.slice(at + 1)) ?? [];
    out.hostname = hostname.replace(/^\[|\]$/g, '').toLowerCase();
    out.port = port || null;
    out.host = hostname.toLowerCase() + (port ? `:${port}` : '');
  }
  const hash = rest.indexOf('#');
  if (hash >= 0) {
    out.hash = rest.slice(hash);
    rest = rest.slice(0, hash);
  }
  const question = rest.indexOf('?');
  if (question >= 0) {
    out.search = rest.slice(question);
    out.query = out.search.slice(1);
    rest = rest.slice(0, question);
  }
  if (withQuery) {
    out.query = querystring.parse(out.query ?? '');
    out.search ??= '';
  }
  const path = rest.replace(/[ "<>`{}|^\\]/g, (char) => encodeURIComponent(char));
  if (path) out.pathname = path;
  if (special && out.hostname && !out.pathname) out.pathname = '/';
  if (out.pathname || out.search) out.path = (out.pathname ?? '') + (out.search ?? '');
  out.href = format(out);
  return out;
}
function format(given, options) {
  if (typeof given === 'string') given = parse(given);
  if (given instanceof URL) {
    const copy = new URL(given.href);
    if (options?.fragment === false) copy.hash = '';
    if (options?.search === false) copy.search = '';
    return copy.href;
  }
  let { protocol = '', auth, host = null, hostname, port, pathname = '', search, query, hash = '' } = given;
  if (protocol && !protocol.endsWith(':')) protocol += ':';
  if (host === null && hostname) host = hostname + (port ? `:${port}` : '');
  if (query !== null && typeof query === 'object') query = querystring.stringify(query);
  search ??= query ? `?${query}` : '';
  if (search && !search.startsWith('?')) search = `?${search}`;
  if (hash && !hash.startsWith('#')) hash = `#${hash}`;
  let start = protocol ?? '';
  if (given.slashes || /^(https?|ftp|file):$/.test(protocol ?? ''))
    start += host !== null && host !== undefined ? '//' : '';
  if (auth) start += `${encodeURIComponent(auth).replace('%3A', ':')}@`;
  if (host && pathname && !pathname.startsWith('/')) pathname = `/${pathname}`;
  return `${start}${host ?? ''}${pathname ?? ''}${search ?? ''}${hash ?? ''}`;
}
Url.prototype.format = function () {
  return format(this);
};
function resolve(from, to) {
  const fake = 'resolve://';
  const url = new URL(to, new URL(from, fake));
  return url.protocol === 'resolve:' ? url.pathname + url.search + url.hash : url.href;
}
function fileURLToPath(given) {
  const url = typeof given === 'string' ? new URL(given) : given;
  if (typeof url !== 'object' || url?.href === undefined) throw invalidType('path', ['string', 'URL'], given);
  if (url.protocol !== 'file:') throw coded(TypeError, 'ERR_INVALID_URL_SCHEME', 'The URL must be of scheme file');
  return decodeURIComponent(url.pathname);
}
const pathToFileURL = (path) => {
  const absolute = require('path').resolve(path) + (/.\/$/.test(path) ? '/' : '');
  return new URL(
    `file://${absolute
      .split('/')
      .map((part) => encodeURIComponent(part))
      .join('/')}`,
  );
};
module.exports = {
  URL,
  URLSearchParams,
  Url,
  parse,
  format,
  resolve,
  resolveObject: (from, to) => parse(resolve(from, to)),
  fileURLToPath,
  pathToFileURL,
  domainToASCII: (name) => new URL(`http://${name}`).hostname,
  domainToUnicode: (name) => name,
  urlToHttpOptions: (url) => ({
    protocol: url.protocol,
    hostname: url.hostname,
    hash: url.hash,
    search: url.search,
    pathname: url.pathname,
    path: url.pathname + url.search,
    href: url.href,
    ...(url.port && { port: Number(url.port) }),
  }),
};
