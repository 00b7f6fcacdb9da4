/** The network configuration of one net namespace, as rtnetlink(7) shows and changes it. Throws Errno. */
export interface Netlink {
  links(): Link[];
  /** `kind`: bridge, veth (with `peer`), dummy. */
  addLink(link: {
    name: string;
    kind: string;
    peer?: string;
    mac?: string;
    netns?: NetnsChoice;
    peerNetns?: NetnsChoice;
  }): void;
  deleteLink(name: string): void;
  setLink(
    name: string,
    change: {
      up?: boolean;
      master?: string | null;
      rename?: string;
      mac?: string;
      mtu?: number;
      netnsPid?: number;
      netnsPath?: string;
    },
  ): void;
  addresses(): LinkAddress[];
  addAddress(link: string, cidr: string): void;
  deleteAddress(link: string, cidr: string): void;
  routes(): Route[];
  addRoute(route: { destination: string; gateway?: string; link?: string; source?: string }): void;
  deleteRoute(destination: string, gateway?: string): void;
  neighbours(): { address: string; mac: string; link: string; state: string }[];
  sockets(): SocketInfo[];
  nat(): { protocol: string; hostIp: string; hostPort: number; toIp: string; toPort: number }[];
}

/** A network namespace by a process in it or by its file. */
export interface NetnsChoice {
  netnsPid?: number;
  netnsPath?: string;
}

export interface Link {
  /** Of a veth: whether its other end is up. */
  peerUp?: boolean;
  index: number;
  name: string;
  /** loopback, veth, bridge, dummy, ethernet */
  kind: string;
  mac: string;
  mtu: number;
  up: boolean;
  /** Name of the bridge it is in. */
  master?: string;
  /** Index of the peer (veth), which may be in another namespace. */
  peerIndex?: number;
  peerNetns?: number;
  rxBytes: number;
  rxPackets: number;
  txBytes: number;
  txPackets: number;
}

export interface LinkAddress {
  link: string;
  family: 'inet' | 'inet6';
  /** With prefix length. */
  cidr: string;
  broadcast?: string;
  scope: 'host' | 'link' | 'global';
}

export interface Route {
  /** 'default' or CIDR. */
  destination: string;
  gateway?: string;
  link: string;
  source?: string;
  scope?: string;
  proto?: string;
}

export interface SocketInfo {
  protocol: 'tcp' | 'udp' | 'unix';
  state: string;
  local: string;
  remote: string;
  inode: number;
  pid?: number;
  comm?: string;
  uid: number;
  /** Bytes to be read; of a listener the connections that wait to be accepted. */
  recvQueue: number;
  sendQueue: number;
  /** Of a listener: how many connections may wait, as listen(2) was asked. */
  backlog?: number;
  /** Every descriptor that holds it, of the processes whose /proc/PID/fd the caller may read. */
  holders?: { pid: number; comm: string; fd: number }[];
}
