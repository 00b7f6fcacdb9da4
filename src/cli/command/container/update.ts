import { forEach } from '../../docker-cli.ts';
import { flag } from '../../flag/index.ts';
import type { Command } from '../command.ts';
import { StatusError } from '../command.ts';
import { parseRestart } from './container-config.ts';

export const update: Command = {
  name: 'update',
  use: '[OPTIONS] CONTAINER [CONTAINER...]',
  short: 'Update configuration of one or more containers',
  aliasText: 'docker container update, docker update',
  flags: [
    flag('blkio-weight', '', 'uint16', 'Block IO (relative weight), between 10 and 1000, or 0 to disable (default 0)'),
    flag('cpu-period', '', 'int', 'Limit CPU CFS (Completely Fair Scheduler) period'),
    flag('cpu-quota', '', 'int', 'Limit CPU CFS (Completely Fair Scheduler) quota'),
    flag('cpu-rt-period', '', 'int', 'Limit the CPU real-time period in microseconds'),
    flag('cpu-rt-runtime', '', 'int', 'Limit the CPU real-time runtime in microseconds'),
    flag('cpu-shares', 'c', 'int', 'CPU shares (relative weight)'),
    flag('cpus', '', 'decimal', 'Number of CPUs'),
    flag('cpuset-cpus', '', 'string', 'CPUs in which to allow execution (0-3, 0,1)'),
    flag('cpuset-mems', '', 'string', 'MEMs in which to allow execution (0-3, 0,1)'),
    flag('kernel-memory', '', 'bytes', 'Kernel memory limit (deprecated)', { hidden: true }),
    flag('memory', 'm', 'bytes', 'Memory limit'),
    flag('memory-reservation', '', 'bytes', 'Memory soft limit'),
    flag('memory-swap', '', 'bytes', 'Swap limit equal to memory plus swap: -1 to enable unlimited swap'),
    flag('pids-limit', '', 'int', 'Tune container pids limit (set -1 for unlimited)'),
    flag('restart', '', 'string', 'Restart policy to apply when a container exits'),
  ],
  args: { min: 1 },
  async run(cli, flags, args) {
    if (flags.given().length === 0)
      throw new StatusError(1, 'you must provide one or more flags when using this command');
    const json = {
      BlkioWeight: flags.int('blkio-weight'),
      CpusetCpus: flags.string('cpuset-cpus'),
      CpusetMems: flags.string('cpuset-mems'),
      CpuShares: flags.int('cpu-shares'),
      Memory: flags.bytes('memory'),
      MemoryReservation: flags.bytes('memory-reservation'),
      MemorySwap: flags.bytes('memory-swap'),
      KernelMemory: flags.bytes('kernel-memory'),
      CpuPeriod: flags.int('cpu-period'),
      CpuQuota: flags.int('cpu-quota'),
      CpuRealtimePeriod: flags.int('cpu-rt-period'),
      CpuRealtimeRuntime: flags.int('cpu-rt-runtime'),
      NanoCpus: flags.string('cpus') ? Math.round(Number(flags.string('cpus')) * 1e9) : 0,
      ...(flags.changed('pids-limit') ? { PidsLimit: flags.int('pids-limit') } : {}),
      RestartPolicy: flags.changed('restart')
        ? parseRestart(flags.string('restart'))
        : { Name: '', MaximumRetryCount: 0 },
    };
    const warnings: string[] = [];
    try {
      await forEach(args, async (name) => {
        const answer = await cli.client.json<{ Warnings: string[] | null }>(
          'POST',
          `/containers/${encodeURIComponent(name)}/update`,
          { json },
        );
        warnings.push(...(answer.Warnings ?? []));
        await cli.println(name);
      });
    } finally {
      if (warnings.length) await cli.println(warnings.join('\n'));
    }
    return 0;
  },
};
