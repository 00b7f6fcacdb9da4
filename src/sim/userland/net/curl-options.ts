/** curl's options: what is read of them, and the many that take an argument. */
import type { Command } from '../core/command.ts';

/** letter,long (`:` takes an argument, `!` accepted without effect). */
const table =
  's,silent S,show-error i,include I,head L,location o,output: O,remote-name f,fail d,data: X,request: H,header: u,user: ' +
  'v,verbose k,insecure! w,write-out: m,max-time: A,user-agent: e,referer: F,form: G,get J,remote-header-name! D,dump-header: ' +
  'T,upload-file: b,cookie: c,cookie-jar: r,range: x,proxy: C,continue-at: #,progress-bar 4,ipv4! 6,ipv6! 0,http1.0 N,no-buffer! ' +
  'R,remote-time! Z,parallel! g,globoff! q,disable! n,netrc! h,help: V,version K,config: z,time-cond: t,telnet-option: y,speed-time: Y,speed-limit: ' +
  'Q,quote: E,cert: P,ftp-port: j,junk-session-cookies! a,append! B,use-ascii! l,list-only! p,proxytunnel!';
const longOnly =
  'connect-timeout: unix-socket: abstract-unix-socket: data-raw: data-binary: data-urlencode: data-ascii: json: url: retry: ' +
  'retry-delay: retry-max-time: retry-connrefused retry-all-errors max-redirs: compressed! resolve: noproxy: cacert: capath: ' +
  'cert-type: key: http1.1! http2! http2-prior-knowledge! tlsv1.2! tlsv1.3! tlsv1! fail-with-body no-progress-meter output-dir: ' +
  'create-dirs location-trusted form-string: interface: limit-rate: trace: trace-ascii: stderr: proto: proto-default: ' +
  'connect-to: fail-early! basic! digest! tcp-nodelay! no-keepalive! keepalive-time: path-as-is! post301! post302! post303! ' +
  'ciphers: dns-servers: happy-eyeballs-timeout-ms: max-filesize: oauth2-bearer: proxy-user: raw! styled-output! no-styled-output! ssl-no-revoke! ' +
  'no-buffer! remove-on-error! remote-name-all! request-target: service-name: skip-existing! globoff! expect100-timeout:';

interface Definition {
  name: string;
  argument: boolean;
}

const shortOptions = new Map<string, Definition>();
const longOptions = new Map<string, Definition>();

function define(word: string): void {
  const argument = word.endsWith(':');
  const names = word.replace(/[:!]$/, '');
  const [letter, name] = names.includes(',') ? names.split(',') : [undefined, names];
  const definition = { name: name!, argument };
  if (letter) shortOptions.set(letter, definition);
  longOptions.set(name!, definition);
}
for (const word of `${table} ${longOnly}`.split(' ')) define(word);

export interface CurlOptions {
  urls: string[];
  /** In the order given; '' for what takes no argument. */
  given: { name: string; value: string }[];
}

export const tryHelp = "curl: try 'curl --help' or 'curl --manual' for more information\n";

function wrong(c: Command, message: string): never {
  c.errorText(`curl: ${message}\n${tryHelp}`);
  return c.exit(2);
}

/** curl reads options anywhere among the URLs. Ends the command on what is no option. */
export function curlOptions(c: Command): CurlOptions {
  const result: CurlOptions = { urls: [], given: [] };
  const { args } = c;
  const take = (definition: Definition, shown: string, value: string | undefined, at: number): number => {
    if (!definition.argument) {
      result.given.push({ name: definition.name, value: '' });
      return at;
    }
    if (value === undefined && at + 1 >= args.length) wrong(c, `option ${shown}: requires parameter`);
    const argument = value ?? args[at + 1]!;
    if (definition.name === 'url') result.urls.push(argument);
    else result.given.push({ name: definition.name, value: argument });
    return value === undefined ? at + 1 : at;
  };
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === '--') result.urls.push(...args.splice(i + 1));
    else if (arg.startsWith('--')) {
      const definition = longOption(arg.slice(2));
      if (!definition) wrong(c, `option ${arg}: is unknown`);
      i = take(definition, arg, undefined, i);
    } else if (arg.startsWith('-') && arg.length > 1) i = letters(c, arg, i, take);
    else result.urls.push(arg);
  }
  return result;
}

function longOption(name: string): Definition | undefined {
  const known = longOptions.get(name);
  if (known) return known;
  const found = [...longOptions.values()].filter((one) => one.name.startsWith(name));
  if (found.length === 1) return found[0];
  return /^no-/.test(name) && longOptions.has(name.slice(3)) ? { name, argument: false } : undefined;
}

function letters(
  c: Command,
  arg: string,
  at: number,
  take: (definition: Definition, shown: string, value: string | undefined, at: number) => number,
): number {
  for (let k = 1; k < arg.length; k++) {
    const definition = shortOptions.get(arg[k]!);
    if (!definition) wrong(c, `option ${arg}: is unknown`);
    const rest = arg.slice(k + 1);
    if (definition.argument) return take(definition, arg, rest === '' ? undefined : rest, at);
    take(definition, arg, undefined, at);
  }
  return at;
}
