import type { DockerCli } from '../docker-cli.ts';
import { type FlagSet, parseBool } from '../flag/index.ts';
import { StatusError } from './command.ts';

/** There is no notary that signs and checks tags: whoever asks for content trust is told, instead of left unprotected. */
export function refuseContentTrust(cli: DockerCli, flags: FlagSet): void {
  if (flags.changed('disable-content-trust') && !flags.bool('disable-content-trust')) {
    throw new StatusError(1, 'drydock: --disable-content-trust=false is not simulated');
  }
  if (!flags.changed('disable-content-trust') && trusts(cli.host.env.DOCKER_CONTENT_TRUST)) {
    throw new StatusError(1, 'drydock: DOCKER_CONTENT_TRUST is not simulated');
  }
}

/** As the real client reads it: what is set and no boolean means yes (cli/command/cli.go contentTrustEnabled). */
function trusts(text: string | undefined): boolean {
  if (!text) return false;
  try {
    return parseBool(text);
  } catch {
    return true;
  }
}
