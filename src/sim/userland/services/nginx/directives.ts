/** Which directives there are, where they may stand, and how many arguments they take: the core modules of nginx. */
interface Rule {
  contexts: readonly string[];
  block: boolean;
  least: number;
  most: number;
}

const many = 99;
const hsl = 'http server location';
const hslif = `${hsl} if`;

/** name: contexts | least | most | block */
const table: [names: string, contexts: string, least: number, most: number, block?: boolean][] = [
  ['user', 'main', 1, 2],
  [
    'worker_processes pid daemon master_process worker_rlimit_nofile pcre_jit load_module worker_priority',
    'main',
    1,
    1,
  ],
  ['worker_cpu_affinity env', 'main', 1, many],
  ['events http stream mail', 'main', 0, 0, true],
  ['worker_connections multi_accept use accept_mutex', 'events', 1, 1],
  ['error_log', `main ${hsl} stream`, 1, 2],
  ['include', `main events upstream ${hslif} stream`, 1, 1],
  ['server', 'http stream', 0, 0, true],
  ['upstream', 'http stream', 1, 1, true],
  ['map geo split_clients', 'http', 1, 2, true],
  ['types', hsl, 0, 0, true],
  ['listen', 'server', 1, many],
  ['server_name', 'server', 1, many],
  ['location', 'server location', 1, 2, true],
  ['limit_except', 'location', 1, many, true],
  ['if', 'server location', 1, many, true],
  ['set', 'server location if', 2, 2],
  ['rewrite', 'server location if', 2, 3],
  ['return', 'server location if', 1, 2],
  ['break', 'server location if', 0, 0],
  ['internal', 'location', 0, 0],
  ['alias', 'location', 1, 1],
  ['root default_type', hslif, 1, 1],
  ['index', hsl, 1, many],
  ['try_files', 'server location', 2, many],
  ['error_page', hslif, 2, many],
  ['add_header', hslif, 2, 3],
  ['expires', hslif, 1, 2],
  ['access_log', `${hslif} limit_except`, 1, many],
  ['log_format', 'http', 2, many],
  ['proxy_pass', 'location if limit_except', 1, 1],
  ['proxy_set_header proxy_hide_header', hsl, 1, 2],
  ['proxy_redirect', hsl, 1, 2],
  [
    'proxy_http_version proxy_buffering proxy_connect_timeout proxy_read_timeout proxy_send_timeout proxy_intercept_errors proxy_request_buffering proxy_buffer_size proxy_cache_bypass proxy_ssl_server_name proxy_cache',
    hsl,
    1,
    1,
  ],
  ['proxy_buffers proxy_next_upstream proxy_cache_valid proxy_cache_path', hsl, 1, many],
  ['fastcgi_pass uwsgi_pass', 'location if', 1, 1],
  ['fastcgi_param fastcgi_index fastcgi_split_path_info uwsgi_param', hsl, 1, 3],
  ['allow deny', `${hsl} limit_except`, 1, 1],
  ['auth_basic auth_basic_user_file', `${hsl} limit_except`, 1, 1],
  [
    'sendfile tcp_nopush tcp_nodelay autoindex autoindex_exact_size autoindex_localtime autoindex_format server_tokens gzip gzip_vary gzip_comp_level gzip_min_length gzip_http_version gzip_static etag if_modified_since charset absolute_redirect port_in_redirect server_name_in_redirect log_not_found log_subrequest client_max_body_size client_body_timeout client_header_timeout client_body_buffer_size send_timeout types_hash_max_size types_hash_bucket_size server_names_hash_bucket_size server_names_hash_max_size keepalive_requests merge_slashes reset_timedout_connection open_file_cache_valid limit_rate client_header_buffer_size underscores_in_headers resolver_timeout variables_hash_max_size lingering_close aio directio',
    hslif,
    1,
    1,
  ],
  ['keepalive_timeout output_buffers large_client_header_buffers', hsl, 1, 2],
  [
    'gzip_types gzip_proxied gzip_disable gzip_buffers charset_types resolver open_file_cache limit_req limit_conn',
    hsl,
    1,
    many,
  ],
  ['limit_req_zone limit_conn_zone', 'http', 2, 3],
  ['map_hash_bucket_size map_hash_max_size', 'http', 1, 1],
  [
    'ssl_certificate ssl_certificate_key ssl_session_cache ssl_session_timeout ssl_ciphers ssl_prefer_server_ciphers ssl_dhparam ssl_session_tickets',
    'http server',
    1,
    1,
  ],
  ['ssl_protocols', 'http server', 1, many],
  ['least_conn ip_hash', 'upstream', 0, 0],
  ['keepalive', 'upstream', 1, 1],
];

const rules = new Map<string, Rule>();
for (const [names, contexts, least, most, block = false] of table) {
  for (const name of names.split(' ')) rules.set(name, { contexts: contexts.split(' '), block, least, most });
}
const upstreamServer: Rule = { contexts: ['http', 'stream', 'upstream'], block: true, least: 0, most: many };

/** Undefined for a directive that nginx does not know. */
export const contextsOf = (name: string, context?: string): Rule | undefined =>
  name === 'server' && context === 'upstream' ? { ...upstreamServer, block: false, least: 1 } : rules.get(name);
