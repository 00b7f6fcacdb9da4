import type { Termios } from './sys.ts';

const on = (names: string): Record<string, boolean> =>
  Object.fromEntries(names.split(' ').map((name) => [name.replace('-', ''), !name.startsWith('-')]));

/** What a pseudo-terminal starts with (Linux: tty_std_termios, unix98_pty_init), under stty's names. */
export const standardTermios = (): Termios => ({
  flags: on(
    '-parenb -parodd -cmspar cs8 -hupcl -cstopb cread -clocal -crtscts -ignbrk -brkint -ignpar -parmrk -inpck -istrip ' +
      '-inlcr -igncr icrnl ixon -ixoff -iuclc -ixany -imaxbel -iutf8 opost -olcuc -ocrnl onlcr -onocr -onlret -ofill ' +
      '-ofdel nl0 cr0 tab0 bs0 vt0 ff0 isig icanon iexten echo echoe echok -echonl -noflsh -xcase -tostop -echoprt ' +
      'echoctl echoke -flusho -extproc',
  ),
  chars: {
    intr: 3,
    quit: 28,
    erase: 127,
    kill: 21,
    eof: 4,
    eol: 0,
    eol2: 0,
    swtch: 0,
    start: 17,
    stop: 19,
    susp: 26,
    rprnt: 18,
    werase: 23,
    lnext: 22,
    discard: 15,
  },
  vmin: 1,
  vtime: 0,
  speed: 38400,
});

export const copyTermios = (termios: Termios): Termios => ({
  ...termios,
  flags: { ...termios.flags },
  chars: { ...termios.chars },
});
