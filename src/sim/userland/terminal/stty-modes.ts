/** The modes of a terminal by stty's names: order, groups, bits (termbits(7)) and what is sane. */
import type { Termios } from '../../kernel/sys.ts';

export type ModeGroup = 'control' | 'input' | 'output' | 'local';

export interface Mode {
  name: string;
  group: ModeGroup;
  bit: number;
  /** What `stty sane` makes it; undefined: leaves it. */
  sane?: boolean;
}

/** `+name` sane when on, `-name` sane when off, `name` left alone; then its bit in octal. */
function modesOf(group: ModeGroup, text: string): Mode[] {
  return text.split(' ').map((word) => {
    const [, sign, name, bit] = /^([+-]?)(\w+)=(\d+)$/.exec(word)!;
    return { name: name!, group, bit: Number.parseInt(bit!, 8), sane: sign === '' ? undefined : sign === '+' };
  });
}

export const modes: readonly Mode[] = [
  ...modesOf(
    'control',
    'parenb=400 parodd=1000 cmspar=10000000000 cs8=60 hupcl=2000 cstopb=100 +cread=200 clocal=4000 crtscts=20000000000',
  ),
  ...modesOf(
    'input',
    '-ignbrk=1 +brkint=2 ignpar=4 parmrk=10 inpck=20 istrip=40 -inlcr=100 -igncr=200 +icrnl=400 ixon=2000 -ixoff=10000 -iuclc=1000 -ixany=4000 +imaxbel=20000 -iutf8=40000',
  ),
  ...modesOf(
    'output',
    '+opost=1 -olcuc=2 -ocrnl=10 +onlcr=4 -onocr=20 -onlret=40 -ofill=100 -ofdel=200 +nl0=0 +cr0=0 +tab0=0 +bs0=0 +vt0=0 +ff0=0',
  ),
  ...modesOf(
    'local',
    '+isig=1 +icanon=2 +iexten=100000 +echo=10 +echoe=20 +echok=40 -echonl=100 -noflsh=200 -xcase=4 -tostop=400 -echoprt=2000 +echoctl=1000 +echoke=4000 -flusho=10000 -extproc=200000',
  ),
];

export const groups: readonly ModeGroup[] = ['control', 'input', 'output', 'local'];

export const modeAliases: Readonly<Record<string, string>> = {
  hup: 'hupcl',
  tandem: 'ixoff',
  crterase: 'echoe',
  crtkill: 'echoke',
  ctlecho: 'echoctl',
  prterase: 'echoprt',
};

/** Control characters in stty's order with their sane values. */
export const characters: readonly [name: string, sane: number][] = [
  ['intr', 3],
  ['quit', 28],
  ['erase', 127],
  ['kill', 21],
  ['eof', 4],
  ['eol', 0],
  ['eol2', 0],
  ['swtch', 0],
  ['start', 17],
  ['stop', 19],
  ['susp', 26],
  ['rprnt', 18],
  ['werase', 23],
  ['lnext', 22],
  ['discard', 15],
];

/** Words that stand for several; each is what it stands for, `-word` its second form. */
export const combinations: Readonly<Record<string, string>> = {
  raw: '-ignbrk -brkint -ignpar -parmrk -inpck -istrip -inlcr -igncr -icrnl -ixon -ixoff -iuclc -ixany -imaxbel -opost -isig -icanon -xcase min 1 time 0',
  '-raw': 'brkint ignpar istrip icrnl ixon opost isig icanon eof ^D eol ^-',
  cooked: 'brkint ignpar istrip icrnl ixon opost isig icanon eof ^D eol ^-',
  '-cooked':
    '-ignbrk -brkint -ignpar -parmrk -inpck -istrip -inlcr -igncr -icrnl -ixon -ixoff -iuclc -ixany -imaxbel -opost -isig -icanon -xcase min 1 time 0',
  cbreak: '-icanon',
  '-cbreak': 'icanon',
  nl: '-icrnl -onlcr',
  '-nl': 'icrnl -inlcr -igncr onlcr -ocrnl -onlret',
  ek: 'erase ^? kill ^U',
  crt: 'echoe echoctl echoke',
  dec: 'echoe echoctl echoke -ixany intr ^C erase ^? kill ^U',
  decctlq: '-ixany',
  '-decctlq': 'ixany',
  evenp: 'parenb -parodd cs8',
  '-evenp': '-parenb cs8',
  parity: 'parenb -parodd cs8',
  '-parity': '-parenb cs8',
  oddp: 'parenb parodd cs8',
  '-oddp': '-parenb cs8',
  pass8: '-parenb -istrip cs8',
  litout: '-parenb -istrip -opost cs8',
  lcase: 'xcase iuclc olcuc',
  '-lcase': '-xcase -iuclc -olcuc',
};

/** c_cc's order (termbits.h); '' for what stty does not name. */
const slots = 'intr quit erase kill eof VTIME VMIN swtch start stop susp eol rprnt discard werase lnext eol2'.split(
  ' ',
);
const slotCount = 32;
const speedBits = new Map([
  [38400, 0o17],
  [9600, 0o15],
  [19200, 0o16],
  [115200, 0o10002],
]);

const bitsOf = (termios: Termios, group: ModeGroup): number =>
  modes.reduce((sum, mode) => (mode.group === group && termios.flags[mode.name] ? sum + mode.bit : sum), 0);

/** `stty -g`: the four flag words and c_cc, in hexadecimal. */
export function saved(termios: Termios): string {
  const speed = speedBits.get(termios.speed) ?? 0o17;
  const words = [
    bitsOf(termios, 'input'),
    bitsOf(termios, 'output'),
    bitsOf(termios, 'control') + speed,
    bitsOf(termios, 'local'),
  ];
  const cc = Array.from({ length: slotCount }, (_, i) => {
    if (slots[i] === 'VTIME') return termios.vtime;
    return slots[i] === 'VMIN' ? termios.vmin : (termios.chars[slots[i] ?? ''] ?? 0);
  });
  return [...words, ...cc].map((value) => value.toString(16)).join(':');
}

/** Inverse of {@link saved}; false when the text is none. */
export function restore(termios: Termios, text: string): boolean {
  if (!/^[0-9a-f]+(:[0-9a-f]+){35}$/.test(text)) return false;
  const values = text.split(':').map((word) => Number.parseInt(word, 16));
  const order: ModeGroup[] = ['input', 'output', 'control', 'local'];
  for (const mode of modes) {
    const word = BigInt(values[order.indexOf(mode.group)]!);
    if (mode.bit) termios.flags[mode.name] = (word & BigInt(mode.bit)) === BigInt(mode.bit);
  }
  slots.forEach((name, i) => {
    const value = values[4 + i]!;
    if (name === 'VTIME') termios.vtime = value;
    else if (name === 'VMIN') termios.vmin = value;
    else termios.chars[name] = value;
  });
  return true;
}
