import { nameserversOf, type Sys } from '../sim/index.ts';
import { isErrno } from '../spec/index.ts';

/** Why Go's resolver does not find a name that nobody has: the name server's answer, or that it cannot be reached. */
export async function lookupFailure(sys: Sys, name: string): Promise<string> {
  const server = nameserversOf(sys)[0]!;
  const lookup = `dial tcp: lookup ${name} on ${server}:53`;
  const fd = sys.socket('inet', 'dgram');
  try {
    await sys.connect(fd, { family: 'inet', address: server, port: 53 });
    return `${lookup}: no such host`;
  } catch (error) {
    if (!isErrno(error)) throw error;
    return `${lookup}: dial udp ${server}:53: connect: ${error.message.toLowerCase()}`;
  } finally {
    sys.close(fd);
  }
}
