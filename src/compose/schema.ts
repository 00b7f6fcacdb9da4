/** The Compose specification's schema (compose-spec.json of compose-go v2.6.4), as data of our own making. */
export interface Schema {
  types?: string[];
  oneOf?: Schema[];
  properties?: Record<string, Schema>;
  patterns?: [RegExp, Schema][];
  /** Properties not named are an error. */
  closed?: true;
  required?: string[];
  items?: Schema;
  unique?: true;
  enum?: string[];
  minimum?: number;
  maximum?: number;
  pattern?: RegExp;
}

const anything: Schema = {};
const type = (names: string): Schema => ({ types: names.split('|') });
const oneOf = (...schemas: Schema[]): Schema => ({ oneOf: schemas });
const words = (text: string): string[] => text.split(' ');
const all = (schema: Schema, names: string): Record<string, Schema> =>
  Object.fromEntries(words(names).map((name) => [name, schema]));
const list = (items: Schema): Schema => ({ types: ['array'], items });
const set = (items: Schema): Schema => ({ ...list(items), unique: true });
const oneOfWords = (text: string): Schema => ({ types: ['string'], enum: words(text) });
/** Any keys of a pattern; others are let through unless it is closed. */
const dict = (pattern: RegExp, value: Schema, closed?: true): Schema => ({
  types: ['object'],
  patterns: [[pattern, value]],
  ...(closed && { closed }),
});
/** The keys named, `x-` and no others. */
const struct = (properties: Record<string, Schema>, required?: string, types = 'object'): Schema => ({
  types: types.split('|'),
  properties,
  patterns: [[/^x-/, anything]],
  closed: true,
  ...(required && { required: words(required) }),
});
/** As {@link struct}, without `x-`. */
const strict = (properties: Record<string, Schema>, required?: string): Schema => {
  const { patterns: _, ...schema } = struct(properties, required);
  return schema;
};

const string = type('string');
const integer = type('integer|string');
const number = type('number|string');
const boolean = type('boolean|string');
const nothing = type('null');
const name = /^[a-zA-Z0-9._-]+$/;
const bounded = (minimum: number, maximum?: number): Schema =>
  oneOf(string, { types: ['integer'], minimum, ...(maximum !== undefined && { maximum }) });

const strings = set(string);
const stringOrList = oneOf(string, strings);
const listOrDict = oneOf(dict(/.+/, type('string|number|boolean|null'), true), strings);
const extraHosts = oneOf(dict(/.+/, oneOf(string, list(string)), true), strings);
const command = oneOf(nothing, string, list(string));
const options = dict(/^.+$/, type('string|number'));

const fileReference = list(oneOf(string, struct({ ...all(string, 'source target uid gid'), mode: number })));

const ulimits = dict(/^[a-z]+$/, oneOf(integer, struct(all(integer, 'hard soft'), 'soft hard')));

const hook = struct(
  { command, environment: listOrDict, privileged: boolean, ...all(string, 'user working_dir') },
  'command',
);

const device: Schema = struct(
  { ...all(strings, 'capabilities device_ids'), count: type('string|integer'), driver: string, options: listOrDict },
  'capabilities',
);

const build = struct({
  ...all(string, 'context dockerfile dockerfile_inline network target isolation'),
  ...all(list(string), 'entitlements cache_from cache_to tags platforms'),
  ...all(listOrDict, 'args ssh labels additional_contexts'),
  ...all(boolean, 'no_cache pull privileged'),
  shm_size: integer,
  extra_hosts: extraHosts,
  secrets: fileReference,
  ulimits,
});

const limit = strict({ path: string, rate: integer });

const blkio = strict({
  ...all(list(limit), 'device_read_bps device_read_iops device_write_bps device_write_iops'),
  weight: integer,
  weight_device: list(strict({ path: string, weight: integer })),
});

const update = struct({
  ...all(string, 'delay failure_action monitor'),
  parallelism: integer,
  max_failure_ratio: number,
  order: oneOfWords('start-first stop-first'),
});

const deploy = struct(
  {
    ...all(string, 'mode endpoint_mode'),
    replicas: integer,
    labels: listOrDict,
    ...all(update, 'rollback_config update_config'),
    resources: struct({
      limits: struct({ cpus: number, memory: string, pids: integer }),
      reservations: struct({
        cpus: number,
        memory: string,
        generic_resources: list(struct({ discrete_resource_spec: struct({ kind: string, value: number }) })),
        devices: list(device),
      }),
    }),
    restart_policy: struct({ ...all(string, 'condition delay window'), max_attempts: integer }),
    placement: struct({
      constraints: list(string),
      preferences: list(struct({ spread: string })),
      max_replicas_per_node: integer,
    }),
  },
  undefined,
  'object|null',
);

const watch = struct(
  {
    ...all(stringOrList, 'ignore include'),
    ...all(string, 'path target'),
    action: oneOfWords('rebuild sync restart sync+restart sync+exec'),
    exec: hook,
  },
  'path action',
);

const dependency = struct(
  {
    restart: boolean,
    required: type('boolean'),
    condition: oneOfWords('service_started service_healthy service_completed_successfully'),
  },
  'condition',
);

const attachment = struct({
  ...all(strings, 'aliases link_local_ips'),
  ...all(string, 'interface_name ipv4_address ipv6_address mac_address'),
  driver_opts: options,
  ...all(type('number'), 'priority gw_priority'),
});

const port = struct({
  ...all(string, 'name mode host_ip protocol app_protocol'),
  target: integer,
  published: type('string|integer'),
});

const mount = struct(
  {
    type: oneOfWords('bind volume tmpfs cluster npipe image'),
    ...all(string, 'source target consistency'),
    read_only: boolean,
    bind: struct({
      propagation: string,
      create_host_path: boolean,
      recursive: oneOfWords('enabled disabled writable readonly'),
      selinux: oneOfWords('z Z'),
    }),
    volume: struct({ labels: listOrDict, nocopy: boolean, subpath: string }),
    tmpfs: struct({ size: oneOf({ types: ['integer'], minimum: 0 }, string), mode: number }),
    image: struct({ subpath: string }),
  },
  'type',
);

const scalar = type('string|number|boolean');

const service = struct({
  ...all(
    string,
    'cgroup_parent container_name cpuset domainname hostname image ipc isolation mac_address network_mode',
  ),
  ...all(string, 'platform pull_refresh_after restart runtime stop_grace_period stop_signal user uts userns_mode'),
  ...all(string, 'working_dir'),
  ...all(strings, 'cap_add cap_drop device_cgroup_rules dns_opt external_links links profiles security_opt'),
  ...all(strings, 'volumes_from'),
  ...all(listOrDict, 'annotations environment labels sysctls'),
  ...all(stringOrList, 'dns dns_search tmpfs'),
  ...all(boolean, 'attach init oom_kill_disable privileged read_only stdin_open tty'),
  ...all(number, 'cpu_shares cpu_quota cpu_period cpu_rt_period cpu_rt_runtime cpus mem_limit memswap_limit'),
  ...all(number, 'pids_limit shm_size'),
  ...all(command, 'command entrypoint'),
  ...all(fileReference, 'configs secrets'),
  ...all(list(hook), 'post_start pre_stop'),
  ...all(set(type('string|number')), 'expose group_add'),
  build: oneOf(string, build),
  blkio_config: blkio,
  cgroup: oneOfWords('host private'),
  cpu_count: bounded(0),
  cpu_percent: bounded(0, 100),
  credential_spec: struct(all(string, 'config file registry')),
  depends_on: oneOf(strings, dict(name, dependency, true)),
  deploy,
  develop: struct({ watch: list(watch) }, undefined, 'object|null'),
  devices: list(oneOf(string, struct(all(string, 'source target permissions'), 'source'))),
  env_file: oneOf(string, list(oneOf(string, strict({ path: string, format: string, required: boolean }, 'path')))),
  extends: oneOf(string, strict({ service: string, file: string }, 'service')),
  extra_hosts: extraHosts,
  gpus: oneOf(oneOfWords('all'), list({ types: ['object'], properties: device.properties! })),
  healthcheck: struct({
    ...all(string, 'interval timeout start_period start_interval'),
    disable: boolean,
    retries: number,
    test: oneOf(string, list(string)),
  }),
  label_file: oneOf(string, list(string)),
  logging: struct({ driver: string, options: dict(/^.+$/, type('string|number|null')) }),
  mem_reservation: type('string|integer'),
  mem_swappiness: integer,
  networks: oneOf(strings, dict(name, oneOf(attachment, nothing), true)),
  oom_score_adj: bounded(-1000, 1000),
  pid: type('string|null'),
  ports: set(oneOf(type('number'), string, port)),
  provider: struct(
    {
      type: string,
      options: dict(/^.+$/, oneOf(scalar, list(scalar))),
      configs: dict(/^.+$/, string),
    },
    'type',
  ),
  pull_policy: {
    types: ['string'],
    pattern: /always|never|build|if_not_present|missing|refresh|daily|weekly|every_([0-9]+[wdhms])+/,
  },
  scale: integer,
  storage_opt: type('object'),
  ulimits,
  volumes: set(oneOf(string, mount)),
});

const external: Schema = struct({ name: string }, undefined, 'boolean|string|object');
/** As the schema has it for secrets and configs. */
const openExternal: Schema = { types: ['boolean', 'string', 'object'], properties: { name: string } };

const addresses = strict({});
const pool = struct({
  ...all(string, 'subnet ip_range gateway'),
  aux_addresses: { ...addresses, properties: {}, patterns: [[/^.+$/, string]] },
});

const network = struct(
  {
    ...all(string, 'name driver'),
    ...all(boolean, 'internal enable_ipv4 enable_ipv6 attachable'),
    driver_opts: options,
    ipam: struct({ driver: string, config: list(pool), options: dict(/^.+$/, string, true) }),
    external,
    labels: listOrDict,
  },
  undefined,
  'object|null',
);

const volume = struct(
  { ...all(string, 'name driver'), driver_opts: options, external, labels: listOrDict },
  undefined,
  'object|null',
);

const file = { ...all(string, 'name environment file template_driver'), external: openExternal, labels: listOrDict };

export const composeSchema: Schema = struct({
  version: string,
  name: string,
  include: list(oneOf(string, strict({ ...all(stringOrList, 'path env_file'), project_directory: string }))),
  services: dict(name, service, true),
  networks: dict(name, network),
  volumes: dict(name, volume, true),
  secrets: dict(name, struct({ ...file, driver: string, driver_opts: options }), true),
  configs: dict(name, struct({ ...file, content: string }), true),
});
