/**
 * What httpd can do and this one cannot: said by name when the configuration is read, never passed over. Limits of
 * threads, buffers and time-outs have nothing to show here and are accepted.
 */
import type { Entry } from './config.ts';

/** Ends the reading of a configuration: the text is whole. */
export class NotSimulated extends Error {
  constructor(what: string) {
    super(`drydock: apache2: ${what} is not simulated`);
  }
}

const refused = new Set(
  `aliasmatch action addhandler sethandler addoutputfilter setoutputfilter addinputfilter setinputfilter addencoding
  addlanguage addcharset addicon addiconbyencoding addiconbytype addalt adddescription indexoptions indexignore indexstyle
  headername readmename defaulticon directorymatch fallbackresource limit limitexcept order allow deny satisfy requireall
  requireany requirenone rewritecond rewriterule rewritebase rewritemap scriptalias scriptaliasmatch requestheader
  sslcertificatefile sslcertificatekeyfile proxypassmatch proxy proxymatch balancermember chroot if elseif else
  addoutputfilterbytype mimemagicfile authgroupfile authdigestprovider errorlogformat limitrequestbody`.split(/\s+/),
);

/** Directives whose other values would show: the values that are simulated. */
const values: Readonly<Record<string, RegExp>> = {
  rewriteengine: /^off$/i,
  sslengine: /^off$/i,
  authtype: /^(basic|none)$/i,
  authbasicprovider: /^file$/i,
  hostnamelookups: /^off$/i,
  usecanonicalname: /^off$/i,
  proxyrequests: /^off$/i,
  directoryslash: /^on$/i,
  require: /^(all|ip|local|valid-user|user)$/i,
  header: /^(always|onsuccess|set|add|append|unset)$/i,
};

const flags: Readonly<Record<string, RegExp>> = {
  customlog: /^(env=|expr=|\|)/,
  errorlog: /^(\||syslog)/,
  listen: /^https$/i,
};

/** Modules that would change what a server answers by being there. */
const modules = /^(ssl|php\d*|cgid?|dav|wsgi|perl|lua|http2|security2)_module$/;

/** Throws {@link NotSimulated}. */
export function requireSimulatedModules(names: Iterable<string>): void {
  for (const name of names) if (modules.test(name)) throw new NotSimulated(`module ${name}`);
}

/** Throws {@link NotSimulated}. */
export function requireSimulated({ name, spelled, args }: Entry): void {
  if (refused.has(name)) throw new NotSimulated(`directive "${spelled}"`);
  if (values[name] && !values[name].test(args[0] ?? '')) throw new NotSimulated(`directive "${spelled} ${args[0]}"`);
  const flag = args.find((arg) => flags[name]?.test(arg));
  if (flag !== undefined) throw new NotSimulated(`"${flag}" of directive "${spelled}"`);
}
