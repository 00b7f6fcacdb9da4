import type { EndpointIpam, NetworkIpamConfig } from '../spec/index.ts';

/** A container's place on a network: what was asked for, and what was given while it runs. JSON. */
export interface EndpointRecord {
  networkId: string;
  ipamConfig: EndpointIpam | null;
  links: string[] | null;
  aliases: string[] | null;
  driverOpts: Record<string, string> | null;
  /** '' while the container does not run. */
  endpointId: string;
  gateway: string;
  address: string;
  prefixLength: number;
  macAddress: string;
}

/** JSON. */
export interface NetworkRecord {
  id: string;
  name: string;
  created: string;
  driver: string;
  enableIPv6: boolean;
  internal: boolean;
  attachable: boolean;
  ipamDriver: string;
  ipamOptions: Record<string, string> | null;
  ipamConfig: NetworkIpamConfig[];
  options: Record<string, string> | null;
  labels: Record<string, string> | null;
  /** Empty for host and none. */
  subnet: string;
  gateway: string;
  /** The user named the subnet: only then `--ip` is allowed. */
  userSubnet: boolean;
  bridgeName: string;
  predefined: boolean;
  /** It holds settings for others and carries nothing. */
  configOnly?: boolean;
  /** Where its own settings come from. */
  configFrom?: string;
}
