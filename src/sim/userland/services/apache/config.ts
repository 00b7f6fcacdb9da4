/** httpd's configuration: directives by line, sections in angle brackets, ${VARIABLES} of the environment. */
import type { Sys } from '../../../kernel/sys.ts';
import { exists, readText } from '../../packages/sys-files.ts';
import { expandGlob } from '../nginx/config.ts';

export interface Entry {
  /** In lower case. */
  name: string;
  /** As it stands in the file. */
  spelled: string;
  args: string[];
  /** Of a section. */
  inner?: Entry[];
  file: string;
  line: number;
}

/** As httpd prints it: "Syntax error on line ..." and the reason below. */
export class SyntaxProblem extends Error {
  constructor(file: string, line: number, reason: string) {
    super(`AH00526: Syntax error on line ${line} of ${file}:\n${reason}`);
  }
}

export class ConfigReader {
  /** Problems that do not stop: variables that are not defined. */
  readonly warnings: string[] = [];
  private readonly defines = new Map<string, string>();

  constructor(
    private readonly sys: Sys,
    private readonly root: string,
    private readonly modules: ReadonlySet<string>,
  ) {}

  /** Throws {@link SyntaxProblem}. */
  read(path: string): Entry[] {
    const text = readText(this.sys, path) ?? '';
    const lines = text.split('\n');
    const at = { i: 0 };
    return this.entries(lines, at, path, undefined);
  }

  private entries(lines: string[], at: { i: number }, file: string, open: string | undefined): Entry[] {
    const out: Entry[] = [];
    const begun = at.i;
    while (at.i < lines.length) {
      let text = lines[at.i++]!.trim();
      const line = at.i;
      while (text.endsWith('\\') && at.i < lines.length) text = `${text.slice(0, -1)} ${lines[at.i++]!.trim()}`;
      if (text === '' || text.startsWith('#')) continue;
      text = this.expand(text);
      const close = /^<\/(\w+)>$/.exec(text);
      if (close) {
        if (close[1]!.toLowerCase() === open?.toLowerCase()) return out;
        const reason = open
          ? `Expected </${open}> but saw </${close[1]}>`
          : `</${close[1]}> without matching <${close[1]}> section`;
        throw new SyntaxProblem(file, line, reason);
      }
      const section = /^<(\w+)\s*(.*?)\s*>$/.exec(text);
      if (section) {
        const inner = this.entries(lines, at, file, section[1]!);
        out.push(...this.section(section[1]!, words(section[2]!), inner, file, line));
      } else out.push(...this.directive(words(text), file, line));
    }
    if (open) throw new SyntaxProblem(file, begun, `<${open}> was not closed.`);
    return out;
  }

  private expand(text: string): string {
    return text.replace(/\$\{(\w+)\}/g, (all, name: string) => {
      const value = this.defines.get(name) ?? this.sys.env[name];
      if (value === undefined) this.warnings.push(`AH00111: Config variable ${all} is not defined`);
      return value ?? all;
    });
  }

  private section(name: string, args: string[], inner: Entry[], file: string, line: number): Entry[] {
    const lower = name.toLowerCase();
    if (lower === 'ifmodule') {
      const wanted = args[0]!.replace(/^!/, '').replace(/^mod_(.*)\.c$/, '$1_module');
      return this.modules.has(wanted) === !args[0]!.startsWith('!') ? inner : [];
    }
    if (lower === 'ifdefine')
      return this.defines.has(args[0]!.replace(/^!/, '')) === !args[0]!.startsWith('!') ? inner : [];
    return [{ name: lower, spelled: name, args, inner, file, line }];
  }

  private directive(all: string[], file: string, line: number): Entry[] {
    const [name = '', ...args] = all;
    const lower = name.toLowerCase();
    if (lower === 'define') {
      this.defines.set(args[0]!, args[1] ?? '');
      return [];
    }
    if (lower === 'include' || lower === 'includeoptional')
      return this.include(args[0]!, lower === 'include', file, line);
    return [{ name: lower, spelled: name, args, file, line }];
  }

  private include(pattern: string, must: boolean, file: string, line: number): Entry[] {
    const path = pattern.startsWith('/') ? pattern : `${this.root}/${pattern}`;
    const found = expandGlob(this.sys, path).filter((one) => exists(this.sys, one));
    if (must && found.length === 0) {
      throw new SyntaxProblem(file, line, `Could not open configuration file ${path}: No such file or directory`);
    }
    return found.flatMap((one) => this.read(one));
  }
}

const words = (text: string): string[] =>
  [...text.matchAll(/"((?:\\.|[^"\\])*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, plain]) => (double?.replace(/\\(["\\])/g, '$1') ?? single ?? plain)!,
  );

export const last = (entries: readonly Entry[], name: string): Entry | undefined =>
  entries.findLast((one) => one.name === name);
export const all = (entries: readonly Entry[], name: string): Entry[] => entries.filter((one) => one.name === name);

/** Directives of core and of the modules that Debian enables, in lower case. */
const knownDirectives = new Set(
  'accessfilename adddefaultcharset addencoding addicon addiconbyencoding addiconbytype addlanguage addcharset addoutputfilter addoutputfilterbytype addhandler addtype alias aliasmatch allow allowoverride authname authtype authuserfile authbasicprovider browsermatch browsermatchnocase customlog defaulticon defaultruntimedir deny directory directorymatch directoryindex directoryslash documentroot enablesendfile enablemmap errordocument errorlog errorlogformat extendedstatus fallbackresource files filesmatch forcelanguagepriority group headername header hostnamelookups indexignore indexoptions keepalive keepalivetimeout languagepriority limit limitexcept limitrequestbody listen loadmodule location locationmatch logformat loglevel maxconnectionsperchild maxkeepaliverequests maxrequestworkers maxsparethreads maxspareservers minspareservers minsparethreads mutex namevirtualhost options order pidfile proxypass proxypassreverse proxyrequests proxypreservehost proxystatus readmename redirect redirectmatch redirectpermanent requestheader requestreadtimeout require requireall requireany requirenone rewritecond rewriteengine rewriterule scriptalias servername serveralias serveradmin serverroot serversignature servertokens setenv setenvif setenvifnocase sethandler startservers threadlimit threadsperchild timeout traceenable typesconfig unsetenv usecanonicalname user virtualhost satisfy scoreboardfile serverlimit passenv rewritebase rewritemap scriptaliasmatch proxypassmatch proxy proxymatch balancermember authgroupfile rewriteoptions addalt adddescription indexstyle mimemagicfile sslengine sslcertificatefile sslcertificatekeyfile sslrandomseed sslprotocol sslciphersuite sslsessioncache deflatecompressionlevel'.split(
    ' ',
  ),
);

/** Directives that only a module brings which is not always there. */
const moduleOf: readonly (readonly [RegExp, string])[] = [
  [/^(proxy|balancer)/, 'proxy_module'],
  [/^rewrite/, 'rewrite_module'],
  [/^(header|requestheader)$/, 'headers_module'],
  [/^ssl/, 'ssl_module'],
];

/** Whether any module that is there brings a directive. */
export const isKnown = (name: string, modules: ReadonlySet<string>): boolean =>
  knownDirectives.has(name) && moduleOf.every(([form, module]) => !form.test(name) || modules.has(module));
