import { type Flag, flag } from '../../flag/index.ts';
import { gpuRequest } from './gpu-request.ts';
import { parseMount } from './mount-option.ts';
import { networkOption } from './network-option.ts';
import {
  checkDeviceRule,
  checkHost,
  checkIp,
  checkLabel,
  checkLink,
  checkRate,
  checkRequests,
  checkSearchDomain,
  checkSysctl,
  checkUlimit,
  checkVariable,
  checkWeight,
} from './option-checks.ts';

const checks: Record<string, (value: string) => string> = {
  label: checkLabel,
  ulimit: checkUlimit,
  'add-host': checkHost,
  dns: checkIp,
  'dns-search': checkSearchDomain,
  link: checkLink,
  sysctl: checkSysctl,
  'device-cgroup-rule': checkDeviceRule,
  'blkio-weight-device': checkWeight,
  'device-read-bps': checkRate,
  'device-write-bps': checkRate,
  'device-read-iops': checkRequests,
  'device-write-iops': checkRequests,
  network: (value) => {
    networkOption(value);
    return value;
  },
  gpus: (value) => {
    gpuRequest(value);
    return value;
  },
  mount: (value) => {
    parseMount(value, '/');
    return value;
  },
  attach: (value) => {
    if (!['stdin', 'stdout', 'stderr'].includes(value.toLowerCase()))
      throw new Error('valid streams are STDIN, STDOUT and STDERR');
    return value.toLowerCase();
  },
  env: checkVariable,
};

const hidden: Flag[] = [
  flag('dns-opt', '', 'list', 'Set DNS options', { hidden: true }),
  flag('net', '', 'network', 'Connect a container to a network', { hidden: true }),
  flag('net-alias', '', 'list', 'Add network-scoped alias for the container', { hidden: true }),
  flag('cpu-count', '', 'int', 'CPU count (Windows only)', { ostype: 'windows' }),
  flag('cpu-percent', '', 'int', 'CPU percent (Windows only)', { ostype: 'windows' }),
  flag('io-maxbandwidth', '', 'bytes', 'Maximum IO bandwidth limit for the system drive (Windows only)', {
    ostype: 'windows',
  }),
  flag('io-maxiops', '', 'int', 'Maximum IOps limit for the system drive (Windows only)', { ostype: 'windows' }),
];

/** The options of `docker create`; `docker run` adds a few. */
export const createFlags: Flag[] = withChecks([
  flag('add-host', '', 'list', 'Add a custom host-to-IP mapping (host:ip)'),
  flag('annotation', '', 'map', 'Add an annotation to the container (passed through to the OCI runtime)', {
    default: 'map[]',
    since: '1.43',
  }),
  flag('attach', 'a', 'list', 'Attach to STDIN, STDOUT or STDERR'),
  flag('blkio-weight', '', 'uint16', 'Block IO (relative weight), between 10 and 1000, or 0 to disable (default 0)'),
  flag('blkio-weight-device', '', 'list', 'Block IO weight (relative device weight)', { default: '[]' }),
  flag('cap-add', '', 'list', 'Add Linux capabilities'),
  flag('cap-drop', '', 'list', 'Drop Linux capabilities'),
  flag('cgroup-parent', '', 'string', 'Optional parent cgroup for the container'),
  flag(
    'cgroupns',
    '',
    'string',
    `Cgroup namespace to use (host|private)
'host':    Run the container in the Docker host's cgroup namespace
'private': Run the container in its own private cgroup namespace
'':        Use the cgroup namespace as configured by the
           default-cgroupns-mode option on the daemon (default)`,
  ),
  flag('cidfile', '', 'string', 'Write the container ID to the file'),
  flag('cpu-period', '', 'int', 'Limit CPU CFS (Completely Fair Scheduler) period'),
  flag('cpu-quota', '', 'int', 'Limit CPU CFS (Completely Fair Scheduler) quota'),
  flag('cpu-rt-period', '', 'int', 'Limit CPU real-time period in microseconds'),
  flag('cpu-rt-runtime', '', 'int', 'Limit CPU real-time runtime in microseconds'),
  flag('cpu-shares', 'c', 'int', 'CPU shares (relative weight)'),
  flag('cpus', '', 'decimal', 'Number of CPUs'),
  flag('cpuset-cpus', '', 'string', 'CPUs in which to allow execution (0-3, 0,1)'),
  flag('cpuset-mems', '', 'string', 'MEMs in which to allow execution (0-3, 0,1)'),
  flag('device', '', 'list', 'Add a host device to the container'),
  flag('device-cgroup-rule', '', 'list', 'Add a rule to the cgroup allowed devices list'),
  flag('device-read-bps', '', 'list', 'Limit read rate (bytes per second) from a device', { default: '[]' }),
  flag('device-read-iops', '', 'list', 'Limit read rate (IO per second) from a device', { default: '[]' }),
  flag('device-write-bps', '', 'list', 'Limit write rate (bytes per second) to a device', { default: '[]' }),
  flag('device-write-iops', '', 'list', 'Limit write rate (IO per second) to a device', { default: '[]' }),
  flag('disable-content-trust', '', 'bool', 'Skip image verification', { default: 'true' }),
  flag('dns', '', 'list', 'Set custom DNS servers'),
  flag('dns-option', '', 'list', 'Set DNS options'),
  flag('dns-search', '', 'list', 'Set custom DNS search domains'),
  flag('domainname', '', 'string', 'Container NIS domain name'),
  flag('entrypoint', '', 'string', 'Overwrite the default ENTRYPOINT of the image'),
  flag('env', 'e', 'list', 'Set environment variables'),
  flag('env-file', '', 'list', 'Read in a file of environment variables'),
  flag('expose', '', 'list', 'Expose a port or a range of ports'),
  flag('gpus', '', 'gpu-request', "GPU devices to add to the container ('all' to pass all GPUs)"),
  flag('group-add', '', 'list', 'Add additional groups to join'),
  flag('health-cmd', '', 'string', 'Command to run to check health'),
  flag('health-interval', '', 'duration', 'Time between running the check (ms|s|m|h)', { default: '0s' }),
  flag('health-retries', '', 'int', 'Consecutive failures needed to report unhealthy'),
  flag('health-start-interval', '', 'duration', 'Time between running the check during the start period (ms|s|m|h)', {
    default: '0s',
    since: '1.44',
  }),
  flag(
    'health-start-period',
    '',
    'duration',
    'Start period for the container to initialize before starting health-retries countdown (ms|s|m|h)',
    { default: '0s' },
  ),
  flag('health-timeout', '', 'duration', 'Maximum time to allow one check to run (ms|s|m|h)', { default: '0s' }),
  flag('help', '', 'bool', 'Print usage'),
  flag('hostname', 'h', 'string', 'Container host name'),
  flag('init', '', 'bool', 'Run an init inside the container that forwards signals and reaps processes'),
  flag('interactive', 'i', 'bool', 'Keep STDIN open even if not attached'),
  flag('ip', '', 'string', 'IPv4 address (e.g., 172.30.100.104)'),
  flag('ip6', '', 'string', 'IPv6 address (e.g., 2001:db8::33)'),
  flag('ipc', '', 'string', 'IPC mode to use'),
  flag('isolation', '', 'string', 'Container isolation technology'),
  flag('kernel-memory', '', 'bytes', 'Kernel memory limit'),
  flag('label', 'l', 'list', 'Set meta data on a container', { check: checkLabel }),
  flag('label-file', '', 'list', 'Read in a line delimited file of labels'),
  flag('link', '', 'list', 'Add link to another container'),
  flag('link-local-ip', '', 'list', 'Container IPv4/IPv6 link-local addresses'),
  flag('log-driver', '', 'string', 'Logging driver for the container'),
  flag('log-opt', '', 'list', 'Log driver options'),
  flag('mac-address', '', 'string', 'Container MAC address (e.g., 92:d0:c6:0a:29:33)'),
  flag('memory', 'm', 'bytes', 'Memory limit'),
  flag('memory-reservation', '', 'bytes', 'Memory soft limit'),
  flag('memory-swap', '', 'bytes', "Swap limit equal to memory plus swap: '-1' to enable unlimited swap"),
  flag('memory-swappiness', '', 'int', 'Tune container memory swappiness (0 to 100)', { default: '-1' }),
  flag('mount', '', 'mount', 'Attach a filesystem mount to the container'),
  flag('name', '', 'string', 'Assign a name to the container'),
  flag('network', '', 'network', 'Connect a container to a network'),
  flag('network-alias', '', 'list', 'Add network-scoped alias for the container'),
  flag('no-healthcheck', '', 'bool', 'Disable any container-specified HEALTHCHECK'),
  flag('oom-kill-disable', '', 'bool', 'Disable OOM Killer'),
  flag('oom-score-adj', '', 'int', "Tune host's OOM preferences (-1000 to 1000)"),
  flag('pid', '', 'string', 'PID namespace to use'),
  flag('pids-limit', '', 'int', 'Tune container pids limit (set -1 for unlimited)'),
  flag('platform', '', 'string', 'Set platform if server is multi-platform capable'),
  flag('privileged', '', 'bool', 'Give extended privileges to this container'),
  flag('publish', 'p', 'list', "Publish a container's port(s) to the host"),
  flag('publish-all', 'P', 'bool', 'Publish all exposed ports to random ports'),
  flag('pull', '', 'string', 'Pull image before creating ("always", "|missing", "never")', { default: '"missing"' }),
  flag('quiet', 'q', 'bool', 'Suppress the pull output'),
  flag('read-only', '', 'bool', "Mount the container's root filesystem as read only"),
  flag('restart', '', 'string', 'Restart policy to apply when a container exits', { default: '"no"' }),
  flag('rm', '', 'bool', 'Automatically remove the container and its associated anonymous volumes when it exits'),
  flag('runtime', '', 'string', 'Runtime to use for this container'),
  flag('security-opt', '', 'list', 'Security Options'),
  flag('shm-size', '', 'bytes', 'Size of /dev/shm'),
  flag('stop-signal', '', 'string', 'Signal to stop the container'),
  flag('stop-timeout', '', 'int', 'Timeout (in seconds) to stop a container'),
  flag('storage-opt', '', 'list', 'Storage driver options for the container'),
  flag('sysctl', '', 'map', 'Sysctl options', { default: 'map[]' }),
  flag('tmpfs', '', 'list', 'Mount a tmpfs directory'),
  flag('tty', 't', 'bool', 'Allocate a pseudo-TTY'),
  flag('ulimit', '', 'ulimit', 'Ulimit options', { default: '[]' }),
  flag('use-api-socket', '', 'bool', 'Bind mount Docker API socket and required auth'),
  flag('user', 'u', 'string', 'Username or UID (format: <name|uid>[:<group|gid>])'),
  flag('userns', '', 'string', 'User namespace to use'),
  flag('uts', '', 'string', 'UTS namespace to use'),
  flag('volume', 'v', 'list', 'Bind mount a volume'),
  flag('volume-driver', '', 'string', 'Optional volume driver for the container'),
  flag('volumes-from', '', 'list', 'Mount volumes from the specified container(s)'),
  flag('workdir', 'w', 'string', 'Working directory inside the container'),
  ...hidden,
]);

/** The options that only `docker run` has, and its text for `--pull`. */
export const runFlags: Flag[] = [
  ...createFlags.map((each) =>
    each.name === 'pull' ? { ...each, usage: 'Pull image before running ("always", "missing", "never")' } : each,
  ),
  flag('detach', 'd', 'bool', 'Run container in background and print container ID'),
  flag('detach-keys', '', 'string', 'Override the key sequence for detaching a container'),
  flag('sig-proxy', '', 'bool', 'Proxy received signals to the process', { default: 'true' }),
];

function withChecks(flags: Flag[]): Flag[] {
  return flags.map((each) => (checks[each.name] ? { ...each, check: checks[each.name] } : each));
}
