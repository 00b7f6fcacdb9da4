/** Text files whose words matter: our own, in the place of the packages'. Paths without a leading slash. */
import type { Release } from './release.ts';
import { serviceTexts, startService } from './service-texts.ts';

export function systemTexts(release: Release): [path: string, text: string][] {
  return [
    ['usr/lib/os-release', release.osRelease],
    ['etc/debian_version', `${release.debianVersion}\n`],
    ['etc/issue', `${release.prettyName} \\n \\l\n\n`],
    ['etc/issue.net', `${release.prettyName}\n`],
    ...(release.id === 'ubuntu' ? ([['etc/lsb-release', lsbRelease(release)]] as [string, string][]) : []),
    [`etc/apt/${release.sources.file}`, release.sources.text],
    ['etc/apt/apt.conf.d/docker-clean', dockerClean],
    ['etc/apt/apt.conf.d/docker-no-languages', 'Acquire::Languages "none";\n'],
    ['etc/dpkg/dpkg.cfg.d/docker', 'force-unsafe-io\n'],
    [
      'etc/dpkg/dpkg.cfg.d/excludes',
      'path-exclude=/usr/share/doc/*\npath-include=/usr/share/doc/*/copyright\npath-exclude=/usr/share/man/*\n',
    ],
    ['etc/profile', profile],
    ['etc/bash.bashrc', bashrc],
    ['root/.bashrc', release.id === 'ubuntu' ? userBashrc : rootBashrc],
    ['root/.profile', '[ "$BASH" ] && [ -f ~/.bashrc ] && . ~/.bashrc\nmesg n 2> /dev/null || true\n'],
    ['etc/skel/.bashrc', userBashrc],
    ['etc/skel/.profile', '[ -n "$BASH_VERSION" ] && [ -f "$HOME/.bashrc" ] && . "$HOME/.bashrc"\n'],
    [
      'etc/nsswitch.conf',
      'passwd:         files\ngroup:          files\nshadow:         files\nhosts:          files dns\nnetworks:       files\nprotocols:      db files\nservices:       db files\n',
    ],
    ['etc/host.conf', 'multi on\n'],
    ['etc/shells', '/bin/sh\n/usr/bin/sh\n/bin/bash\n/usr/bin/bash\n/bin/dash\n/usr/bin/dash\n'],
    ['etc/hostname', `${release.id}\n`],
    ['etc/fstab', '# UNCONFIGURED FSTAB FOR BASE SYSTEM\n'],
    ['etc/motd', ''],
    ['etc/services', services],
    ['etc/timezone', 'Etc/UTC\n'],
  ];
}

const lsbRelease = (release: Release): string =>
  `DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=${release.version}\nDISTRIB_CODENAME=${release.codename}\nDISTRIB_DESCRIPTION="${release.prettyName}"\n`;

// Docker's images clean apt's archives after each install, so that they do not stay in the layer.
const dockerClean = `DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb /var/cache/apt/archives/partial/*.deb /var/cache/apt/*.bin || true"; };
APT::Update::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb /var/cache/apt/archives/partial/*.deb /var/cache/apt/*.bin || true"; };
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
`;

const profile = `if [ "$(id -u)" -eq 0 ]; then
  PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
else
  PATH="/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games"
fi
export PATH
if [ "\${PS1-}" ]; then
  if [ "\${BASH-}" ] && [ "$BASH" != "/bin/sh" ]; then
    [ -f /etc/bash.bashrc ] && . /etc/bash.bashrc
  elif [ "$(id -u)" -eq 0 ]; then
    PS1='# '
  else
    PS1='$ '
  fi
fi
`;

const bashrc = `[ -z "\${PS1-}" ] && return
shopt -s checkwinsize
PS1='\${debian_chroot:+($debian_chroot)}\\u@\\h:\\w\\$ '
`;

const rootBashrc = '# Colours and aliases are left to you.\n';

const userBashrc = `case $- in
  *i*) ;;
  *) return ;;
esac
HISTCONTROL=ignoreboth
shopt -s histappend checkwinsize
PS1='\${debian_chroot:+($debian_chroot)}\\u@\\h:\\w\\$ '
alias ls='ls --color=auto'
alias ll='ls -alF'
alias la='ls -A'
alias l='ls -CF'
`;

const services = `ftp\t\t21/tcp
ssh\t\t22/tcp
telnet\t\t23/tcp
smtp\t\t25/tcp
domain\t\t53/tcp
domain\t\t53/udp
http\t\t80/tcp
pop3\t\t110/tcp
imap2\t\t143/tcp
https\t\t443/tcp
mysql\t\t3306/tcp
postgresql\t5432/tcp
redis\t\t6379/tcp
http-alt\t8080/tcp
`;

const page = (title: string, body: string): string => `<!DOCTYPE html>
<html>
<head>
<title>${title}</title>
<style>
html { color-scheme: light dark; }
body { width: 35em; margin: 0 auto; font-family: Tahoma, Verdana, Arial, sans-serif; }
</style>
</head>
<body>
${body}
</body>
</html>
`;

/** The page that both nginx packages greet with: what article 003 expects to see. */
export const nginxWelcome = page(
  'Welcome to nginx!',
  `<h1>Welcome to nginx!</h1>
<p>If you see this page, the nginx web server is successfully installed and
working. Further configuration is required.</p>

<p>For online documentation and support please refer to
<a href="http://nginx.org/">nginx.org</a>.<br/>
Commercial support is available at
<a href="http://nginx.com/">nginx.com</a>.</p>

<p><em>Thank you for using nginx.</em></p>`,
);

const nginxConf = `user www-data;
worker_processes auto;
pid /run/nginx.pid;
error_log /var/log/nginx/error.log;
include /etc/nginx/modules-enabled/*.conf;

events {
	worker_connections 768;
}

http {
	sendfile on;
	tcp_nopush on;
	types_hash_max_size 2048;
	include /etc/nginx/mime.types;
	default_type application/octet-stream;
	access_log /var/log/nginx/access.log;
	gzip on;
	include /etc/nginx/conf.d/*.conf;
	include /etc/nginx/sites-enabled/*;
}
`;

const nginxSite = `server {
	listen 80 default_server;
	listen [::]:80 default_server;
	root /var/www/html;
	index index.html index.htm index.nginx-debian.html;
	server_name _;
	location / {
		try_files $uri $uri/ =404;
	}
}
`;

export const mimeTypes = `types {
    text/html                                        html htm shtml;
    text/css                                         css;
    text/xml                                         xml;
    image/gif                                        gif;
    image/jpeg                                       jpeg jpg;
    application/javascript                           js;
    text/plain                                       txt;
    image/png                                        png;
    image/svg+xml                                    svg svgz;
    image/webp                                       webp;
    image/x-icon                                     ico;
    application/json                                 json;
    application/pdf                                  pdf;
    application/wasm                                 wasm;
    application/zip                                  zip;
    font/woff                                        woff;
    font/woff2                                       woff2;
    application/octet-stream                         bin exe dll;
    audio/mpeg                                       mp3;
    video/mp4                                        mp4;
}
`;

const apacheConf = `DefaultRuntimeDir \${APACHE_RUN_DIR}
PidFile \${APACHE_PID_FILE}
Timeout 300
KeepAlive On
MaxKeepAliveRequests 100
KeepAliveTimeout 5
User \${APACHE_RUN_USER}
Group \${APACHE_RUN_GROUP}
HostnameLookups Off
ErrorLog \${APACHE_LOG_DIR}/error.log
LogLevel warn
IncludeOptional mods-enabled/*.load
IncludeOptional mods-enabled/*.conf
Include ports.conf
<Directory />
	Options FollowSymLinks
	AllowOverride None
	Require all denied
</Directory>
<Directory /usr/share>
	AllowOverride None
	Require all granted
</Directory>
<Directory /var/www/>
	Options Indexes FollowSymLinks
	AllowOverride None
	Require all granted
</Directory>
AccessFileName .htaccess
LogFormat "%h %l %u %t \\"%r\\" %>s %O \\"%{Referer}i\\" \\"%{User-Agent}i\\"" combined
LogFormat "%h %l %u %t \\"%r\\" %>s %O" common
IncludeOptional conf-enabled/*.conf
IncludeOptional sites-enabled/*.conf
`;

const apacheSite = `<VirtualHost *:80>
	ServerAdmin webmaster@localhost
	DocumentRoot /var/www/html
	ErrorLog \${APACHE_LOG_DIR}/error.log
	CustomLog \${APACHE_LOG_DIR}/access.log combined
</VirtualHost>
`;

const apacheEnv = `unset HOME
APACHE_RUN_USER=www-data
APACHE_RUN_GROUP=www-data
APACHE_PID_FILE=/var/run/apache2/apache2.pid
APACHE_RUN_DIR=/var/run/apache2
APACHE_LOCK_DIR=/var/lock/apache2
APACHE_LOG_DIR=/var/log/apache2
export APACHE_RUN_USER APACHE_RUN_GROUP APACHE_PID_FILE APACHE_RUN_DIR APACHE_LOCK_DIR APACHE_LOG_DIR
`;

export const apacheWelcome = page(
  'Apache2 Debian Default Page: It works',
  '<h1>It works!</h1>\n<p>This is the default page of the Apache2 web server. Replace <tt>/var/www/html/index.html</tt> to change it.</p>',
);

/** Files of packages that people read or that programs parse. */
export const packageTexts: ReadonlyMap<string, string> = new Map([
  ...serviceTexts,
  ['etc/nginx/nginx.conf', nginxConf],
  ['etc/nginx/sites-available/default', nginxSite],
  ['etc/nginx/mime.types', mimeTypes],
  ['usr/share/nginx/html/index.html', nginxWelcome],
  ['etc/apache2/apache2.conf', apacheConf],
  ['etc/apache2/ports.conf', 'Listen 80\n<IfModule ssl_module>\n\tListen 443\n</IfModule>\n'],
  ['etc/apache2/sites-available/000-default.conf', apacheSite],
  ['etc/apache2/envvars', apacheEnv],
  ['usr/share/apache2/default-site/index.html', apacheWelcome],
  [
    'etc/redis/redis.conf',
    'bind 127.0.0.1 -::1\nprotected-mode yes\nport 6379\ntimeout 0\ndaemonize yes\npidfile /run/redis/redis-server.pid\nlogfile /var/log/redis/redis-server.log\ndatabases 16\nsave 3600 1 300 100 60 10000\ndbfilename dump.rdb\ndir /var/lib/redis\n',
  ],
  [
    'etc/login.defs',
    'MAIL_DIR /var/mail\nUID_MIN 1000\nUID_MAX 60000\nGID_MIN 1000\nGID_MAX 60000\nUMASK 022\nUSERGROUPS_ENAB yes\nENCRYPT_METHOD SHA512\n',
  ],
  [
    'etc/adduser.conf',
    'DSHELL=/bin/bash\nDHOME=/home\nFIRST_UID=1000\nLAST_UID=59999\nFIRST_GID=1000\nLAST_GID=59999\nUSERGROUPS=yes\n',
  ],
  ['etc/default/useradd', 'SHELL=/bin/sh\n'],
  ['etc/debian_version', '12.11\n'],
]);

/** What a package's postinst does, as a shell script that dpkg runs: our own, with the effects of the real ones. */
export const postinst: Readonly<Record<string, string>> = {
  'nginx-common': `mkdir -p /var/log/nginx /var/lib/nginx /etc/nginx/sites-enabled /etc/nginx/modules-enabled /etc/nginx/conf.d /var/www/html
[ -e /etc/nginx/sites-enabled/default ] || ln -s /etc/nginx/sites-available/default /etc/nginx/sites-enabled/default
[ -e /var/www/html/index.html ] || [ -e /var/www/html/index.nginx-debian.html ] || cp /usr/share/nginx/html/index.html /var/www/html/index.nginx-debian.html
touch /var/log/nginx/access.log /var/log/nginx/error.log
`,
  apache2: `mkdir -p /var/log/apache2 /var/www/html /etc/apache2/mods-enabled /etc/apache2/conf-enabled /etc/apache2/sites-enabled /var/lib/apache2
chown root:adm /var/log/apache2
for m in access_compat alias auth_basic authn_core authn_file authz_core authz_host authz_user autoindex deflate dir env filter mime mpm_event negotiation reqtimeout setenvif status; do
  for k in load conf; do
    [ -e /etc/apache2/mods-available/$m.$k ] && [ ! -e /etc/apache2/mods-enabled/$m.$k ] && ln -s ../mods-available/$m.$k /etc/apache2/mods-enabled/$m.$k
  done
  echo "Enabling module $m."
done
for c in charset localized-error-pages other-vhosts-access-log security serve-cgi-bin; do
  [ -e /etc/apache2/conf-enabled/$c.conf ] || ln -s ../conf-available/$c.conf /etc/apache2/conf-enabled/$c.conf
  echo "Enabling conf $c."
done
[ -e /etc/apache2/sites-enabled/000-default.conf ] || ln -s ../sites-available/000-default.conf /etc/apache2/sites-enabled/000-default.conf
echo "Enabling site 000-default."
[ -e /var/www/html/index.html ] || cp /usr/share/apache2/default-site/index.html /var/www/html/index.html
${startService('apache2')}`,
  'redis-server': `mkdir -p /var/lib/redis /var/log/redis
getent group redis >/dev/null || addgroup --system --quiet redis 2>/dev/null || groupadd -r redis
getent passwd redis >/dev/null || useradd -r -g redis -d /var/lib/redis -s /usr/sbin/nologin redis
chown redis:redis /var/lib/redis /var/log/redis
`,
  nginx: startService('nginx'),
  'ca-certificates': `mkdir -p /etc/ssl/certs
[ -e /etc/ssl/certs/ca-certificates.crt ] || echo "# certificates of the simulated internet" > /etc/ssl/certs/ca-certificates.crt
echo "Updating certificates in /etc/ssl/certs..."
`,
};
