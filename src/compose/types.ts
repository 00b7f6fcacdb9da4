/**
 * The types of compose-go's model (v2.6.4, types/types.go), as data: what a value of a key is made to, in which order keys
 * are printed, what is printed when there is nothing. Keys are in the order of the Go structs.
 */
export type Scalar =
  | 'string'
  | 'bool'
  | 'int'
  | 'float32'
  | 'nanocpus'
  | 'bytes'
  | 'duration'
  | 'mode'
  | 'count'
  /** Taken as it is. */
  | 'any';

export type Type =
  | Scalar
  /** A pointer: a zero is printed too. */
  | { pointer: Scalar }
  | { list: Type }
  | { map: Type; nullable?: true }
  | { struct: Field[]; byValue?: true }
  /** A type with a way of its own to read or print. */
  | { special: Special };

export type Special =
  | 'strings'
  | 'labels'
  | 'mapping'
  | 'options'
  | 'multiOptions'
  | 'equals'
  | 'command'
  | 'test'
  | 'hosts'
  | 'ulimit'
  | 'ssh'
  | 'envFiles'
  | 'expose';

export interface Field {
  key: string;
  type: Type;
  /** Printed also when there is nothing: a field without omitempty. */
  always?: true;
  /** Its name in JSON where that is another. */
  json?: string;
  /** In JSON always there: what Go's encoding/json cannot leave out. */
  jsonAlways?: true;
}

const special = (name: Special): Type => ({ special: name });
const list = (item: Type): Type => ({ list: item });
/** A struct held by value: YAML leaves it out when it is empty, JSON does not. */
const value = (fields: Field[]): Type => ({ struct: fields, byValue: true });
const fields = (...groups: (Field | Field[] | [Type, string])[]): Field[] =>
  groups.flatMap((group): Field[] => {
    if (!Array.isArray(group)) return [group];
    if (typeof group[1] === 'string') return group[1].split(' ').map((key) => ({ key, type: group[0] as Type }));
    return group as Field[];
  });
const struct = (...groups: Parameters<typeof fields>): Type => ({ struct: fields(...groups) });
const jsonAlways = (key: string, type: Type): Field => ({ key, type, jsonAlways: true });
const always = (key: string, type: Type): Field => ({ key, type, always: true });

const strings = special('strings');
const labels = special('labels');
const mapping = special('mapping');
const options = special('options');
const equals = special('equals');
const span: Type = { pointer: 'duration' };
const count: Type = { pointer: 'int' };
const flag: Type = { pointer: 'bool' };
const textMap: Type = { map: 'string' };
const ulimits: Type = { map: special('ulimit') };

const fileReferences = list(struct(['string', 'source target uid gid'], { key: 'mode', type: { pointer: 'mode' } }));

const hookFields = fields(
  jsonAlways('command', special('command')),
  ['string', 'user'],
  ['bool', 'privileged'],
  ['string', 'working_dir'],
  [equals, 'environment'],
);
const hooks = list({ struct: hookFields });

const device = struct(
  [strings, 'capabilities'],
  ['string', 'driver'],
  ['count', 'count'],
  [strings, 'device_ids'],
  [mapping, 'options'],
);

const build = struct(
  ['string', 'context dockerfile dockerfile_inline'],
  [strings, 'entitlements'],
  [equals, 'args'],
  [special('ssh'), 'ssh'],
  [labels, 'labels'],
  [strings, 'cache_from cache_to'],
  ['bool', 'no_cache'],
  [mapping, 'additional_contexts'],
  ['bool', 'pull'],
  [special('hosts'), 'extra_hosts'],
  ['string', 'isolation network target'],
  [fileReferences, 'secrets'],
  ['bytes', 'shm_size'],
  [strings, 'tags'],
  [ulimits, 'ulimits'],
  [strings, 'platforms'],
  ['bool', 'privileged'],
);

const pathWith = (key: string, type: Type): Type =>
  list(
    struct({ key: 'path', type: 'string', always: true, json: 'Path' }, { ...always(key, type), json: capital(key) }),
  );
const capital = (word: string): string => word[0]!.toUpperCase() + word.slice(1);

const blkio = struct(
  ['int', 'weight'],
  [pathWith('weight', 'int'), 'weight_device'],
  [pathWith('rate', 'bytes'), 'device_read_bps device_read_iops device_write_bps device_write_iops'],
);

const update = struct(
  [count, 'parallelism'],
  ['duration', 'delay'],
  ['string', 'failure_action'],
  ['duration', 'monitor'],
  ['float32', 'max_failure_ratio'],
  ['string', 'order'],
);

const discrete = struct(always('kind', 'string'), always('value', 'int'));
const resource = struct(
  ['nanocpus', 'cpus'],
  ['bytes', 'memory'],
  ['int', 'pids'],
  [list(device), 'devices'],
  [list(struct([discrete, 'discrete_resource_spec'])), 'generic_resources'],
);

const deploy = struct(
  ['string', 'mode'],
  [count, 'replicas'],
  [labels, 'labels'],
  [update, 'update_config rollback_config'],
  jsonAlways('resources', value(fields([resource, 'limits reservations']))),
  [struct(['string', 'condition'], [span, 'delay'], [count, 'max_attempts'], [span, 'window']), 'restart_policy'],
  jsonAlways(
    'placement',
    value(
      fields(
        [strings, 'constraints'],
        [list(struct(['string', 'spread'])), 'preferences'],
        ['int', 'max_replicas_per_node'],
      ),
    ),
  ),
  ['string', 'endpoint_mode'],
);

const trigger = struct(
  always('path', 'string'),
  always('action', 'string'),
  ['string', 'target'],
  jsonAlways('exec', value(hookFields)),
  [strings, 'include ignore'],
);

const attachment = struct(
  [strings, 'aliases'],
  [options, 'driver_opts'],
  ['int', 'gw_priority'],
  ['string', 'interface_name ipv4_address ipv6_address'],
  [strings, 'link_local_ips'],
  ['string', 'mac_address'],
  ['int', 'priority'],
);

const port = struct(['string', 'name mode host_ip'], ['int', 'target'], ['string', 'published protocol app_protocol']);

const mount = struct(
  ['string', 'type source target'],
  ['bool', 'read_only'],
  ['string', 'consistency'],
  [struct(['string', 'selinux propagation'], ['bool', 'create_host_path'], ['string', 'recursive']), 'bind'],
  [struct([mapping, 'labels'], ['bool', 'nocopy'], ['string', 'subpath']), 'volume'],
  [struct(['bytes', 'size'], ['int', 'mode']), 'tmpfs'],
  [struct(['string', 'subpath']), 'image'],
);

const dependency = struct(['string', 'condition'], ['bool', 'restart'], always('required', 'bool'));

const healthcheck = struct(
  [special('test'), 'test'],
  [span, 'timeout interval'],
  [count, 'retries'],
  [span, 'start_period start_interval'],
  ['bool', 'disable'],
);

const provider = struct({ key: 'type', type: 'string', json: 'driver' }, [special('multiOptions'), 'options']);

export const service = struct(
  [strings, 'profiles'],
  [mapping, 'annotations'],
  [flag, 'attach'],
  [build, 'build'],
  [struct([list(trigger), 'watch']), 'develop'],
  [blkio, 'blkio_config'],
  [strings, 'cap_add cap_drop'],
  ['string', 'cgroup_parent cgroup'],
  ['int', 'cpu_count'],
  ['float32', 'cpu_percent'],
  ['int', 'cpu_period cpu_quota cpu_rt_period cpu_rt_runtime'],
  ['float32', 'cpus'],
  ['string', 'cpuset'],
  ['int', 'cpu_shares'],
  jsonAlways('command', special('command')),
  [fileReferences, 'configs'],
  ['string', 'container_name'],
  [struct(['string', 'config file registry']), 'credential_spec'],
  [{ map: dependency }, 'depends_on'],
  [deploy, 'deploy'],
  [strings, 'device_cgroup_rules'],
  [list(struct(['string', 'source target permissions'])), 'devices'],
  [strings, 'dns dns_opt dns_search'],
  ['string', 'dockerfile domainname'],
  jsonAlways('entrypoint', special('command')),
  [provider, 'provider'],
  [equals, 'environment'],
  [special('envFiles'), 'env_file'],
  [special('expose'), 'expose'],
  [struct(['string', 'file service']), 'extends'],
  [strings, 'external_links'],
  [special('hosts'), 'extra_hosts'],
  [special('expose'), 'group_add'],
  [list(device), 'gpus'],
  ['string', 'hostname'],
  [healthcheck, 'healthcheck'],
  ['string', 'image'],
  [flag, 'init'],
  ['string', 'ipc isolation'],
  [labels, 'labels'],
  [strings, 'label_file links'],
  [struct(['string', 'driver'], [options, 'options']), 'logging'],
  ['string', 'log_driver'],
  [textMap, 'log_opt'],
  ['bytes', 'mem_limit mem_reservation memswap_limit mem_swappiness'],
  ['string', 'mac_address net network_mode'],
  [{ map: attachment, nullable: true }, 'networks'],
  ['bool', 'oom_kill_disable'],
  ['int', 'oom_score_adj'],
  ['string', 'pid'],
  ['int', 'pids_limit'],
  ['string', 'platform'],
  [list(port), 'ports'],
  ['bool', 'privileged'],
  ['string', 'pull_policy'],
  ['bool', 'read_only'],
  ['string', 'restart runtime'],
  [count, 'scale'],
  [fileReferences, 'secrets'],
  [strings, 'security_opt'],
  ['bytes', 'shm_size'],
  ['bool', 'stdin_open'],
  [span, 'stop_grace_period'],
  ['string', 'stop_signal'],
  [textMap, 'storage_opt'],
  [mapping, 'sysctls'],
  [strings, 'tmpfs'],
  ['bool', 'tty'],
  [ulimits, 'ulimits'],
  ['string', 'user userns_mode uts volume_driver'],
  [list(mount), 'volumes'],
  [strings, 'volumes_from'],
  ['string', 'working_dir'],
  [hooks, 'post_start pre_stop'],
);

const pool = struct(['string', 'subnet gateway ip_range'], [mapping, 'aux_addresses']);

export const network = struct(
  ['string', 'name driver'],
  [options, 'driver_opts'],
  jsonAlways('ipam', value(fields(['string', 'driver'], [list(pool), 'config']))),
  ['bool', 'external internal attachable'],
  [labels, 'labels'],
  [flag, 'enable_ipv4 enable_ipv6'],
);

export const volume = struct(
  ['string', 'name driver'],
  [options, 'driver_opts'],
  ['bool', 'external'],
  [labels, 'labels'],
);

/** A secret or config. */
export const fileObject = struct(
  ['string', 'name file environment content'],
  ['bool', 'external'],
  [labels, 'labels'],
  ['string', 'driver'],
  [textMap, 'driver_opts'],
  ['string', 'template_driver'],
);

export const project = struct(
  ['string', 'name'],
  always('services', { map: service }),
  [{ map: network }, 'networks'],
  [{ map: volume }, 'volumes'],
  [{ map: fileObject }, 'secrets configs'],
);
