/** The host's own network at boot: lo, and eth0 with a way out. */
import type { Internet } from './internet.ts';
import type { NetStack } from './stack.ts';

export const hostAddress = '10.0.2.15';
export const hostGateway = '10.0.2.2';
/** What the host's resolv.conf names. */
export const hostNameserver = '10.0.2.3';

export function firstStack(stack: NetStack, internet: Internet): void {
  stack.internet = internet;
  const lo = stack.link('lo');
  lo.up = true;
  stack.addresses.push({ link: lo, cidr: '127.0.0.1/8', address: '127.0.0.1' });
  const eth0 = stack.createLink('eth0', 'ethernet', '52:54:00:12:34:56');
  eth0.up = true;
  stack.addresses.push({ link: eth0, cidr: `${hostAddress}/24`, address: hostAddress });
  stack.routes.push({ destination: 'default', gateway: hostGateway, link: eth0 });
  stack.routes.push({ destination: '10.0.2.0/24', link: eth0, source: hostAddress, scope: 'link', proto: 'kernel' });
}
