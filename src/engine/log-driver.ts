/** Logging drivers that send what a container writes elsewhere: on this host there is nobody to take it. */
import type { Daemon } from './daemon.ts';
import { badRequest, notSimulated, serverError } from './errors.ts';
import { verifyLogOptions } from './log-options.ts';

type LogOptions = Record<string, string>;

const files = ['json-file', 'local', 'none'];
const senders = ['journald', 'syslog', 'gelf', 'fluentd', 'awslogs', 'splunk', 'gcplogs', 'logentries'];

/** When the container is created. */
export function verifyLogDriver(type: string, options: LogOptions): void {
  if (![...files, ...senders].includes(type))
    throw badRequest(`error looking up logging plugin ${type}: plugin "${type}" not found`);
  if (files.includes(type)) {
    if (type !== 'none') verifyLogOptions(options, type);
    return;
  }
  if (type === 'gelf' && !options['gelf-address']) throw badRequest('gelf-address is a required parameter');
  if (!failsToStart(type, options)) throw notSimulated(`--log-driver ${type}`);
}

/** When it starts. */
export async function startLogDriver(daemon: Daemon, type: string, options: LogOptions): Promise<void> {
  const fail = (why: string) => serverError(`failed to initialize logging driver: ${why}`);
  if (type === 'journald') throw fail('journald is not enabled on this host');
  if (type === 'syslog') throw fail('Unix syslog delivery error');
  if (type !== 'fluentd') return;
  const address = fluentdAddress(options)!;
  const [ip = '', port] = address.split(':');
  if (await daemon.ports.network.hostPortTaken('tcp', ip, Number(port))) throw notSimulated('--log-driver fluentd');
  throw fail(`dial tcp ${address}: connect: connection refused`);
}

/** There is no journal and no /dev/log here, and on the loopback address nobody who would take the lines. */
function failsToStart(type: string, options: LogOptions): boolean {
  if (type === 'syslog') return !options['syslog-address'];
  return type === 'journald' || (type === 'fluentd' && fluentdAddress(options) !== undefined);
}

function fluentdAddress(options: LogOptions): string | undefined {
  if (options['fluentd-async'] === 'true' || options['fluentd-async-connect'] === 'true') return undefined;
  const match = /^(?:tcp:\/\/)?(127\.\d+\.\d+\.\d+|localhost)(?::(\d+))?$/.exec(
    options['fluentd-address'] ?? '127.0.0.1',
  );
  return match ? `${match[1]!.replace('localhost', '127.0.0.1')}:${match[2] ?? 24224}` : undefined;
}
