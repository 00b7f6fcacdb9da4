/**
 * What nginx can do and this one cannot: said by name when the configuration is read, never passed over. What is only
 * a matter of speed and memory (buffers, caches of open files, worker limits) has nothing to show here and is accepted.
 */
import { type Directive, NotSimulated } from './config.ts';

/** Directives of nginx's own modules that no value of is simulated. */
const refused = new Set(
  `stream mail load_module geo split_clients limit_except stub_status charset_types gzip_static limit_req limit_conn
  fastcgi_pass uwsgi_pass scgi_pass grpc_pass memcached_pass least_conn ip_hash hash random zone proxy_cache_path
  proxy_cache_bypass proxy_cache_valid proxy_next_upstream proxy_store proxy_bind proxy_cookie_path proxy_cookie_domain
  proxy_pass_header proxy_ignore_headers proxy_pass_request_headers proxy_pass_request_body proxy_set_body proxy_method
  proxy_limit_rate proxy_no_cache proxy_ssl_verify proxy_ssl_certificate proxy_ssl_trusted_certificate sub_filter
  sub_filter_once sub_filter_types mirror auth_request auth_request_set auth_jwt secure_link secure_link_md5 set_real_ip_from
  real_ip_header valid_referers satisfy dav_methods ssi perl perl_set js_import js_content geoip_country geoip_city
  add_before_body add_after_body add_trailer addition_types image_filter xslt_stylesheet random_index mp4 flv slice gunzip
  userid empty_gif http2 http3 ssl_client_certificate ssl_verify_client ssl_stapling userid_name chunked_transfer_encoding
  disable_symlinks ignore_invalid_headers post_action recursive_error_pages max_ranges error_log_format`.split(/\s+/),
);

/** Directives whose other values would show: the values that are simulated. */
const values: Readonly<Record<string, RegExp>> = {
  autoindex_exact_size: /^on$/,
  autoindex_localtime: /^(on|off)$/,
  autoindex_format: /^html$/,
  if_modified_since: /^exact$/,
  merge_slashes: /^on$/,
  underscores_in_headers: /^off$/,
  server_name_in_redirect: /^off$/,
  limit_rate: /^0$/,
  proxy_cache: /^off$/,
  master_process: /^on$/,
};

/** Listening sockets of other kinds, and parameters of `server` in an upstream. */
const flags: Readonly<Record<string, RegExp>> = {
  listen: /^(ssl|quic|http2|http3|proxy_protocol|spdy)$|^unix:/,
  server: /^(slow_start|route|service|max_conns)=|^(resolve|drain)$|^unix:/,
  access_log: /^(syslog:|if=)/,
  error_log: /^(syslog:|memory:)/,
};

export const isRefused = (name: string): boolean => refused.has(name);

/** Throws {@link NotSimulated}. `context` is the block that it stands in. */
export function requireSimulated({ name, args, block }: Directive, context: string): void {
  if (refused.has(name)) throw new NotSimulated(`directive "${name}"`);
  const value = args[0] ?? '';
  if (values[name] && !values[name].test(value)) throw new NotSimulated(`directive "${name} ${value}"`);
  const flag = args.find((arg) => flags[name]?.test(arg));
  if (flag !== undefined) throw new NotSimulated(`"${flag}" of directive "${name}"`);
  if (context === 'if' && !['set', 'return', 'rewrite', 'break'].includes(name)) {
    throw new NotSimulated(`directive "${name}" inside "if"`);
  }
  if (name === 'map') checkMap(block ?? []);
}

function checkMap(block: readonly Directive[]): void {
  const special = block.find(({ name }) => name === 'volatile' || name === 'hostnames');
  if (special) throw new NotSimulated(`"${special.name}" of directive "map"`);
}
