/**
 * What packages give to update-alternatives when they are configured, as in the real packages: link, name, path,
 * priority, and the manual page that goes with it.
 */
interface Alternative {
  link: string;
  name: string;
  path: string;
  priority: number;
  /** Without its directory /usr/share/man/. */
  page?: [link: string, path: string];
  quiet?: boolean;
}

const editor = (program: string, priority: number, names: string): Alternative[] =>
  names.split(' ').map((name) => ({
    link: `/usr/bin/${name}`,
    name,
    path: program,
    priority,
    page: [`man1/${name}.1.gz`, `man1/${program.includes('nano') ? 'nano' : 'vim'}.1.gz`],
  }));

const simple = (name: string, directory: string, path: string, priority: number): Alternative => ({
  link: `${directory}/${name}`,
  name,
  path,
  priority,
  page: [`man1/${name}.1.gz`, `man1/${path.slice(path.lastIndexOf('/') + 1)}.1.gz`],
});

export const alternatives: Readonly<Record<string, readonly Alternative[]>> = {
  debianutils: [simple('which', '/usr/bin', '/usr/bin/which.debianutils', 0)],
  figlet: [simple('figlet', '/usr/bin', '/usr/bin/figlet-figlet', 10)],
  'g++': [simple('c++', '/usr/bin', '/usr/bin/g++', 20)],
  gawk: [simple('awk', '/usr/bin', '/usr/bin/gawk', 10)],
  gcc: [
    simple('cc', '/usr/bin', '/usr/bin/gcc', 20),
    simple('c89', '/usr/bin', '/usr/bin/c89-gcc', 20),
    simple('c99', '/usr/bin', '/usr/bin/c99-gcc', 20),
  ],
  'inetutils-telnet': [simple('telnet', '/usr/bin', '/usr/bin/inetutils-telnet', 100)],
  less: [{ ...simple('pager', '/usr/bin', '/usr/bin/less', 77), quiet: true }],
  mawk: [simple('awk', '/usr/bin', '/usr/bin/mawk', 5), simple('nawk', '/usr/bin', '/usr/bin/mawk', 5)],
  nano: [...editor('/bin/nano', 40, 'editor'), ...editor('/bin/nano', 10, 'pico')],
  'netcat-openbsd': [simple('nc', '/bin', '/bin/nc.openbsd', 50)],
  'netcat-traditional': [simple('nc', '/bin', '/bin/nc.traditional', 10)],
  tar: [simple('rmt', '/usr/sbin', '/usr/sbin/rmt-tar', 50)],
  traceroute: [simple('traceroute', '/usr/bin', '/usr/bin/traceroute.db', 100)],
  'util-linux': [simple('pager', '/usr/bin', '/bin/more', 50)],
  vim: editor('/usr/bin/vim.basic', 30, 'vim vimdiff rvim rview vi view ex editor'),
  'vim-tiny': editor('/usr/bin/vim.tiny', 15, 'vi view ex editor rview'),
  'xz-utils': [simple('lzma', '/usr/bin', '/usr/bin/xz', 20)],
};

/** The part of a postinst that registers them. */
export function alternativesScript(packageName: string): string {
  const line = ({ link, name, path, priority, page, quiet }: Alternative): string => {
    const slave = page ? ` --slave /usr/share/man/${page[0]} ${page[0].slice(5)} /usr/share/man/${page[1]}` : '';
    return `update-alternatives${quiet ? ' --quiet' : ''} --install ${link} ${name} ${path} ${priority}${slave}\n`;
  };
  return (alternatives[packageName] ?? []).map(line).join('');
}

/** The prerm that takes them back. */
export const alternativesRemoval = (packageName: string): string =>
  (alternatives[packageName] ?? []).map(({ name, path }) => `update-alternatives --remove ${name} ${path}\n`).join('');

/** What update-alternatives would have left in an image that holds some packages: its record and links, by path. */
export function alternativesOf(packages: Iterable<string>): {
  records: Map<string, string>;
  links: Map<string, string>;
} {
  const groups = new Map<string, Alternative[]>();
  for (const one of packages) {
    for (const each of alternatives[one] ?? []) groups.set(each.name, [...(groups.get(each.name) ?? []), each]);
  }
  const records = new Map<string, string>();
  const links = new Map<string, string>();
  for (const [name, choices] of [...groups].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const best = choices.reduce((top, each) => (each.priority > top.priority ? each : top));
    links.set(best.link.slice(1), `/etc/alternatives/${name}`).set(`etc/alternatives/${name}`, best.path);
    const rows = choices.map(({ path, priority }) => `${path}\n${priority}\n`);
    records.set(`var/lib/dpkg/alternatives/${name}`, `auto\n${best.link}\n\n${rows.join('')}\n`);
  }
  return { records, links };
}
