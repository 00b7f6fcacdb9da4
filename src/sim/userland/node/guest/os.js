// os.
const process = require('process');
const constants = {
  signals: {
    SIGHUP: 1,
    SIGINT: 2,
    SIGQUIT: 3,
    SIGILL: 4,
    SIGTRAP: 5,
    SIGABRT: 6,
    SIGIOT: 6,
    SIGBUS: 7,
    SIGFPE: 8,
    SIGKILL: 9,
    SIGUSR1: 10,
    SIGSEGV: 11,
    SIGUSR2: 12,
    SIGPIPE: 13,
    SIGALRM: 14,
    SIGTERM: 15,
    SIGCHLD: 17,
    SIGSTKFLT: 16,
    SIGCONT: 18,
    SIGSTOP: 19,
    SIGTSTP: 20,
    SIGTTIN: 21,
    SIGTTOU: 22,
    SIGURG: 23,
    SIGXCPU: 24,
    SIGXFSZ: 25,
    SIGVTALRM: 26,
    SIGPROF: 27,
    SIGWINCH: 28,
    SIGIO: 29,
    SIGPOLL: 29,
    SIGPWR: 30,
    SIGSYS: 31,
  },
  errno: {
    E2BIG: 7,
    EACCES: 13,
    EADDRINUSE: 98,
    ECONNREFUSED: 111,
    ECONNRESET: 104,
    EEXIST: 17,
    ENOENT: 2,
    EPERM: 1,
    EPIPE: 32,
    ETIMEDOUT: 110,
  },
  priority: { PRIORITY_LOW: 19, PRIORITY_NORMAL: 0, PRIORITY_HIGH: -14 },
};
const text = (file) => {
  try {
    return host.call('fs.text', file);
  } catch {
    return '';
  }
};
const memory = (name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text('/proc/meminfo'))?.[1] ?? 0) * 1024;
const cpus = () =>
  [...text('/proc/cpuinfo').matchAll(/^model name\s*: (.*)$/gm)].map(([, model]) => ({
    model,
    speed: 2400,
    times: { user: 0, nice: 0, sys: 0, idle: 0, irq: 0 },
  }));
module.exports = {
  EOL: '\n',
  devNull: '/dev/null',
  constants,
  arch: () => 'x64',
  platform: () => 'linux',
  type: () => host.call('uname').sysname,
  release: () => host.call('uname').release,
  version: () => host.call('uname').version,
  machine: () => host.call('uname').machine,
  hostname: () => host.call('uname').nodename,
  endianness: () => 'LE',
  homedir: () => process.env.HOME ?? module.exports.userInfo().homedir,
  tmpdir: () => (process.env.TMPDIR ?? process.env.TMP ?? process.env.TEMP ?? '/tmp').replace(/(.)\/$/, '$1'),
  uptime: () => Number(text('/proc/uptime').split(' ')[0] || host.call('monotonic') / 1000),
  loadavg: () => text('/proc/loadavg').split(' ').slice(0, 3).map(Number),
  totalmem: () => memory('MemTotal'),
  freemem: () => memory('MemAvailable'),
  cpus,
  availableParallelism: () => Math.max(1, cpus().length),
  getPriority: () => 0,
  setPriority() {},
  userInfo() {
    const uid = process.getuid();
    const line = text('/etc/passwd')
      .split('\n')
      .find((one) => one.split(':')[2] === String(uid));
    if (!line)
      throw Object.assign(
        new Error('A system error occurred: uv_os_get_passwd returned ENOENT (no such file or directory)'),
        { code: 'ERR_SYSTEM_ERROR' },
      );
    const [username, , , gid, , homedir, shell] = line.split(':');
    return { uid, gid: Number(gid), username, homedir, shell };
  },
  networkInterfaces: () => ({
    lo: [
      {
        address: '127.0.0.1',
        netmask: '255.0.0.0',
        family: 'IPv4',
        mac: '00:00:00:00:00:00',
        internal: true,
        cidr: '127.0.0.1/8',
      },
    ],
  }),
};
