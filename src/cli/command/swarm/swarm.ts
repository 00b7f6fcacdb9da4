import { flag } from '../../flag/index.ts';
import type { Command } from '../command.ts';
import { prefixed, sends, unlocks } from './request.ts';

export const swarm: Command = {
  name: 'swarm',
  use: '',
  short: 'Manage Swarm',
  swarm: true,
  commands: [
    {
      name: 'ca',
      use: '[OPTIONS]',
      short: 'Display and rotate the root CA',
      args: { exact: 0 },
      flags: [
        flag('ca-cert', '', 'pem-file', 'Path to the PEM-formatted root CA certificate to use for the new cluster'),
        flag('ca-key', '', 'pem-file', 'Path to the PEM-formatted root CA key to use for the new cluster'),
        flag('cert-expiry', '', 'duration', 'Validity period for node certificates (ns|us|ms|s|m|h)', {
          default: '2160h0m0s',
        }),
        flag('detach', 'd', 'bool', 'Exit immediately instead of waiting for the root rotation to converge'),
        flag('external-ca', '', 'external-ca', 'Specifications of one or more certificate signing endpoints'),
        flag('quiet', 'q', 'bool', 'Suppress progress output'),
        flag(
          'rotate',
          '',
          'bool',
          'Rotate the swarm CA - if no certificate or key are provided, new ones will be generated',
        ),
      ],
      run: sends('GET', '/swarm'),
    },
    {
      name: 'init',
      use: '[OPTIONS]',
      short: 'Initialize a swarm',
      args: { exact: 0 },
      flags: [
        flag('advertise-addr', '', 'string', 'Advertised address (format: "<ip|interface>[:port]")'),
        flag('autolock', '', 'bool', 'Enable manager autolocking (requiring an unlock key to start a stopped manager)'),
        flag('availability', '', 'string', 'Availability of the node ("active", "pause", "drain")', {
          default: '"active"',
        }),
        flag('cert-expiry', '', 'duration', 'Validity period for node certificates (ns|us|ms|s|m|h)', {
          default: '2160h0m0s',
        }),
        flag(
          'data-path-addr',
          '',
          'string',
          'Address or interface to use for data path traffic (format: "<ip|interface>")',
        ),
        flag(
          'data-path-port',
          '',
          'uint32',
          'Port number to use for data path traffic (1024 - 49151). If no value is set or is set to 0, the default port (4789) is used.',
        ),
        flag('default-addr-pool', '', 'ipNetSlice', 'default address pool in CIDR format', { default: '[]' }),
        flag('default-addr-pool-mask-length', '', 'uint32', 'default address pool subnet mask length', {
          default: '24',
        }),
        flag('dispatcher-heartbeat', '', 'duration', 'Dispatcher heartbeat period (ns|us|ms|s|m|h)', { default: '5s' }),
        flag('external-ca', '', 'external-ca', 'Specifications of one or more certificate signing endpoints'),
        flag('force-new-cluster', '', 'bool', 'Force create a new cluster from current state'),
        flag('listen-addr', '', 'node-addr', 'Listen address (format: "<ip|interface>[:port]")', {
          default: '0.0.0.0:2377',
        }),
        flag('max-snapshots', '', 'uint', 'Number of additional Raft snapshots to retain'),
        flag('snapshot-interval', '', 'uint', 'Number of log entries between Raft snapshots', { default: '10000' }),
        flag('task-history-limit', '', 'int', 'Task history retention limit', { default: '5' }),
      ],
      run: sends('POST', '/swarm/init'),
    },
    {
      name: 'join-token',
      use: '[OPTIONS] (worker|manager)',
      short: 'Manage join tokens',
      args: { exact: 1 },
      flags: [flag('quiet', 'q', 'bool', 'Only display token'), flag('rotate', '', 'bool', 'Rotate join token')],
      run: sends('GET', '/swarm'),
    },
    {
      name: 'join',
      use: '[OPTIONS] HOST:PORT',
      short: 'Join a swarm as a node and/or manager',
      args: { exact: 1 },
      flags: [
        flag('advertise-addr', '', 'string', 'Advertised address (format: "<ip|interface>[:port]")'),
        flag('availability', '', 'string', 'Availability of the node ("active", "pause", "drain")', {
          default: '"active"',
        }),
        flag(
          'data-path-addr',
          '',
          'string',
          'Address or interface to use for data path traffic (format: "<ip|interface>")',
        ),
        flag('listen-addr', '', 'node-addr', 'Listen address (format: "<ip|interface>[:port]")', {
          default: '0.0.0.0:2377',
        }),
        flag('token', '', 'string', 'Token for entry into the swarm'),
      ],
      run: sends('POST', '/swarm/join'),
    },
    {
      name: 'leave',
      use: '[OPTIONS]',
      short: 'Leave the swarm',
      args: { exact: 0 },
      flags: [flag('force', 'f', 'bool', 'Force this node to leave the swarm, ignoring warnings')],
      run: sends('POST', '/swarm/leave'),
    },
    {
      name: 'unlock-key',
      use: '[OPTIONS]',
      short: 'Manage the unlock key',
      args: { exact: 0 },
      flags: [flag('quiet', 'q', 'bool', 'Only display token'), flag('rotate', '', 'bool', 'Rotate unlock key')],
      run: prefixed('could not fetch unlock key', sends('GET', '/swarm/unlockkey')),
    },
    {
      name: 'unlock',
      use: '',
      short: 'Unlock swarm',
      args: { exact: 0 },
      run: unlocks,
    },
    {
      name: 'update',
      use: '[OPTIONS]',
      short: 'Update the swarm',
      args: { exact: 0 },
      flags: [
        flag('autolock', '', 'bool', 'Change manager autolocking setting (true|false)'),
        flag('cert-expiry', '', 'duration', 'Validity period for node certificates (ns|us|ms|s|m|h)', {
          default: '2160h0m0s',
        }),
        flag('dispatcher-heartbeat', '', 'duration', 'Dispatcher heartbeat period (ns|us|ms|s|m|h)', { default: '5s' }),
        flag('external-ca', '', 'external-ca', 'Specifications of one or more certificate signing endpoints'),
        flag('max-snapshots', '', 'uint', 'Number of additional Raft snapshots to retain'),
        flag('snapshot-interval', '', 'uint', 'Number of log entries between Raft snapshots', { default: '10000' }),
        flag('task-history-limit', '', 'int', 'Task history retention limit', { default: '5' }),
      ],
      helpWithoutFlags: true,
      run: sends('GET', '/swarm'),
    },
  ],
};
