import type { DockerCli } from '../../docker-cli.ts';

/** A warning as logrus dresses it: for people on a terminal, as fields otherwise. */
export async function warn(cli: DockerCli, message: string, level: 'warning' | 'info' = 'warning'): Promise<void> {
  if (cli.host.stderr.isTty) {
    const [color, name] = level === 'warning' ? ['33', 'WARN'] : ['36', 'INFO'];
    // Differs from Docker: the seconds since the program's start are always 0.
    await cli.err(`\x1b[${color}m${name}\x1b[0m[0000] ${message.replace(/\n$/, '').padEnd(44)} \n`);
    return;
  }
  const time = `${new Date(cli.host.now().sec * 1000).toISOString().slice(0, 19)}Z`;
  await cli.err(`time="${time}" level=${level} msg=${quoted(message)}\n`);
}

/** logrus quotes what is not one word of these characters, as Go's %q does. */
function quoted(text: string): string {
  return /^[\w./@^+-]+$/.test(text) ? text : JSON.stringify(text);
}
