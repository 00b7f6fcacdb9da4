/** Text files of CentOS 7 whose words matter to programs and people: our own, in the place of the packages'. */
import { mimeTypes } from '../debian/texts.ts';

const osRelease = `NAME="CentOS Linux"
VERSION="7 (Core)"
ID="centos"
ID_LIKE="rhel fedora"
VERSION_ID="7"
PRETTY_NAME="CentOS Linux 7 (Core)"
ANSI_COLOR="0;31"
CPE_NAME="cpe:/o:centos:centos:7"
HOME_URL="https://www.centos.org/"
BUG_REPORT_URL="https://bugs.centos.org/"

CENTOS_MANTISBT_PROJECT="CentOS-7"
CENTOS_MANTISBT_PROJECT_VERSION="7"
REDHAT_SUPPORT_PRODUCT="centos"
REDHAT_SUPPORT_PRODUCT_VERSION="7"

`;

const repository = (id: string, name: string, list: string, path: string, enabled?: number): string =>
  `[${id}]
name=CentOS-$releasever - ${name}
mirrorlist=http://mirrorlist.centos.org/?release=$releasever&arch=$basearch&repo=${list}&infra=$infra
#baseurl=http://mirror.centos.org/centos/$releasever/${path}/$basearch/
gpgcheck=1
${enabled === undefined ? '' : `enabled=${enabled}\n`}gpgkey=file:///etc/pki/rpm-gpg/RPM-GPG-KEY-CentOS-7

`;

const baseRepo = `# CentOS-Base.repo
#
# The mirror system uses the connecting IP address of the client and the update status of each mirror to pick mirrors.

${repository('base', 'Base', 'os', 'os')}#released updates
${repository('updates', 'Updates', 'updates', 'updates')}#additional packages that may be useful
${repository('extras', 'Extras', 'extras', 'extras')}#additional packages that extend functionality of existing packages
${repository('centosplus', 'Plus', 'centosplus', 'centosplus', 0)}`;

const epel = (id: string, name: string, list: string, path: string, enabled: number): string =>
  `[${id}]
name=Extra Packages for Enterprise Linux 7 - ${name}
#baseurl=http://download.fedoraproject.org/pub/epel/${path}/$basearch
metalink=https://mirrors.fedoraproject.org/metalink?repo=${list}&arch=$basearch
failovermethod=priority
enabled=${enabled}
gpgcheck=1
gpgkey=file:///etc/pki/rpm-gpg/RPM-GPG-KEY-EPEL-7
`;

const yumConf = `[main]
cachedir=/var/cache/yum/$basearch/$releasever
keepcache=0
debuglevel=2
logfile=/var/log/yum.log
exactarch=1
obsoletes=1
gpgcheck=1
plugins=1
installonly_limit=5
distroverpkg=centos-release
override_install_langs=en_US.UTF-8
tsflags=nodocs
`;

const users: [name: string, uid: number, gid: number, gecos: string, home: string, shell: string][] = [
  ['root', 0, 0, 'root', '/root', '/bin/bash'],
  ['bin', 1, 1, 'bin', '/bin', '/sbin/nologin'],
  ['daemon', 2, 2, 'daemon', '/sbin', '/sbin/nologin'],
  ['adm', 3, 4, 'adm', '/var/adm', '/sbin/nologin'],
  ['lp', 4, 7, 'lp', '/var/spool/lpd', '/sbin/nologin'],
  ['sync', 5, 0, 'sync', '/sbin', '/bin/sync'],
  ['shutdown', 6, 0, 'shutdown', '/sbin', '/sbin/shutdown'],
  ['halt', 7, 0, 'halt', '/sbin', '/sbin/halt'],
  ['mail', 8, 12, 'mail', '/var/spool/mail', '/sbin/nologin'],
  ['operator', 11, 0, 'operator', '/root', '/sbin/nologin'],
  ['games', 12, 100, 'games', '/usr/games', '/sbin/nologin'],
  ['ftp', 14, 50, 'FTP User', '/var/ftp', '/sbin/nologin'],
  ['nobody', 99, 99, 'Nobody', '/', '/sbin/nologin'],
  ['systemd-network', 192, 192, 'systemd Network Management', '/', '/sbin/nologin'],
  ['dbus', 81, 81, 'System message bus', '/', '/sbin/nologin'],
];

const groups =
  'root:0 bin:1 daemon:2 sys:3 adm:4 tty:5 disk:6 lp:7 mem:8 kmem:9 wheel:10 cdrom:11 mail:12 man:15 dialout:18 floppy:19 games:20 tape:33 video:39 ftp:50 lock:54 audio:63 nobody:99 users:100 utmp:22 utempter:35 input:999 systemd-journal:190 systemd-network:192 dbus:81 ssh_keys:998'
    .split(' ')
    .map((one) => one.split(':'));

export const passwd = users
  .map(([name, uid, gid, gecos, home, shell]) => `${name}:x:${uid}:${gid}:${gecos}:${home}:${shell}\n`)
  .join('');
export const group = groups.map(([name, gid]) => `${name}:x:${gid}:\n`).join('');
export const shadow = users.map(([name]) => `${name}:${name === 'root' ? '' : '*'}:18578:0:99999:7:::\n`).join('');

const profile = `# /etc/profile
pathmunge () {
    case ":\${PATH}:" in
        *:"$1":*) ;;
        *) if [ "$2" = "after" ] ; then PATH=$PATH:$1; else PATH=$1:$PATH; fi ;;
    esac
}
if [ "$(id -u)" = "0" ]; then
    pathmunge /usr/sbin
    pathmunge /usr/local/sbin
else
    pathmunge /usr/local/sbin after
    pathmunge /usr/sbin after
fi
HOSTNAME=$(hostname 2>/dev/null)
HISTSIZE=1000
export PATH USER LOGNAME MAIL HOSTNAME HISTSIZE
umask 022
for i in /etc/profile.d/*.sh; do
    if [ -r "$i" ]; then . "$i" >/dev/null; fi
done
unset i
unset -f pathmunge
if [ -n "\${BASH_VERSION-}" ] ; then
    [ -f /etc/bashrc ] && . /etc/bashrc
fi
`;

const bashrc = `# /etc/bashrc
if [ "$PS1" ]; then
  shopt -s checkwinsize
  [ "$PS1" = "\\\\s-\\\\v\\\\\\$ " ] && PS1="[\\u@\\h \\W]\\\\$ "
fi
`;

const rootBashrc = `# .bashrc

# User specific aliases and functions

alias rm='rm -i'
alias cp='cp -i'
alias mv='mv -i'

# Source global definitions
if [ -f /etc/bashrc ]; then
	. /etc/bashrc
fi
`;

const bashProfile = `# .bash_profile

# Get the aliases and functions
if [ -f ~/.bashrc ]; then
	. ~/.bashrc
fi

# User specific environment and startup programs

PATH=$PATH:$HOME/bin

export PATH
`;

const nginxConf = `user nginx;
worker_processes auto;
error_log /var/log/nginx/error.log;
pid /run/nginx.pid;

# Load dynamic modules. See /usr/share/doc/nginx/README.dynamic.
include /usr/share/nginx/modules/*.conf;

events {
    worker_connections 1024;
}

http {
    log_format  main  '$remote_addr - $remote_user [$time_local] "$request" '
                      '$status $body_bytes_sent "$http_referer" '
                      '"$http_user_agent" "$http_x_forwarded_for"';

    access_log  /var/log/nginx/access.log  main;

    sendfile            on;
    tcp_nopush          on;
    tcp_nodelay         on;
    keepalive_timeout   65;
    types_hash_max_size 4096;

    include             /etc/nginx/mime.types;
    default_type        application/octet-stream;

    include /etc/nginx/conf.d/*.conf;

    server {
        listen       80;
        listen       [::]:80;
        server_name  _;
        root         /usr/share/nginx/html;

        include /etc/nginx/default.d/*.conf;

        error_page 404 /404.html;
        location = /404.html {
        }

        error_page 500 502 503 504 /50x.html;
        location = /50x.html {
        }
    }
}
`;

const page = (title: string, text: string): string =>
  `<!DOCTYPE html>\n<html>\n<head>\n<meta charset="utf-8">\n<title>${title}</title>\n</head>\n<body>\n<h1>${title}</h1>\n<p>${text}</p>\n</body>\n</html>\n`;

const httpdConf = `ServerRoot "/etc/httpd"
Listen 80
Include conf.modules.d/*.conf
User apache
Group apache
ServerAdmin root@localhost
<Directory />
    AllowOverride none
    Require all denied
</Directory>
DocumentRoot "/var/www/html"
<Directory "/var/www">
    AllowOverride None
    Require all granted
</Directory>
<Directory "/var/www/html">
    Options Indexes FollowSymLinks
    AllowOverride None
    Require all granted
</Directory>
<IfModule dir_module>
    DirectoryIndex index.html
</IfModule>
<Files ".ht*">
    Require all denied
</Files>
ErrorLog "logs/error_log"
LogLevel warn
<IfModule log_config_module>
    LogFormat "%h %l %u %t \\"%r\\" %>s %b \\"%{Referer}i\\" \\"%{User-Agent}i\\"" combined
    LogFormat "%h %l %u %t \\"%r\\" %>s %b" common
    CustomLog "logs/access_log" combined
</IfModule>
TypesConfig /etc/mime.types
IncludeOptional conf.d/*.conf
`;

const httpdModules =
  'access_compat actions alias allowmethods auth_basic authn_core authn_file authz_core authz_host authz_user autoindex deflate dir env expires filter headers log_config mime negotiation rewrite setenvif status unixd'
    .split(' ')
    .map((name) => `LoadModule ${name}_module modules/mod_${name}.so\n`)
    .join('');

const apachectl = `#!/bin/sh
# Without systemd this is all that apachectl can do.
case "$1" in
start|stop|restart|graceful) exec /usr/sbin/httpd -k "$1" ;;
configtest) exec /usr/sbin/httpd -t ;;
status|fullstatus) echo "apachectl: systemd is not running" >&2; exit 1 ;;
*) exec /usr/sbin/httpd "$@" ;;
esac
`;

/** As mime.types of mailcap has them: type, then extensions. */
const etcMimeTypes = mimeTypes
  .split('\n')
  .filter((line) => line.endsWith(';'))
  .map((line) => `${line.trim().replace(/;$/, '').replace(/\s+/, '\t')}\n`)
  .join('');

/** Path without a leading slash -> text. */
export const centosTexts: ReadonlyMap<string, string> = new Map([
  ['etc/os-release', osRelease],
  ['etc/centos-release', 'CentOS Linux release 7.9.2009 (Core)\n'],
  ['etc/centos-release-upstream', 'Derived from Red Hat Enterprise Linux 7.9 (Source)\n'],
  ['etc/system-release-cpe', 'cpe:/o:centos:linux:7::ga\n'],
  ['etc/issue', '\\S\nKernel \\r on an \\m\n\n'],
  ['etc/issue.net', '\\S\nKernel \\r on an \\m\n'],
  ['etc/yum.repos.d/CentOS-Base.repo', baseRepo],
  ['etc/yum.repos.d/CentOS-CR.repo', repository('cr', 'cr', 'cr', 'cr', 0)],
  ['etc/yum.repos.d/CentOS-fasttrack.repo', repository('fasttrack', 'fasttrack', 'fasttrack', 'fasttrack', 0)],
  [
    'etc/yum.repos.d/epel.repo',
    epel('epel', '$basearch', 'epel-7', '7', 1) + epel('epel-debuginfo', '$basearch - Debug', 'epel-debug-7', '7', 0),
  ],
  ['etc/yum.repos.d/epel-testing.repo', epel('epel-testing', 'Testing - $basearch', 'testing-epel7', 'testing/7', 0)],
  ...['Debuginfo', 'Media', 'Sources', 'Vault', 'x86_64-kernel'].map(
    (name) => [`etc/yum.repos.d/CentOS-${name}.repo`, `# CentOS-${name}.repo: nothing of it is enabled.\n`] as const,
  ),
  ['etc/yum/vars/contentdir', 'centos\n'],
  ['etc/yum.conf', yumConf],
  [
    'etc/yum/pluginconf.d/fastestmirror.conf',
    '[main]\nenabled=1\nverbose=0\nalways_print_best_host = true\nsocket_timeout=3\nhostfilepath=timedhosts.txt\nmaxhostfileage=10\nmaxthreads=15\n',
  ],
  ['etc/yum/pluginconf.d/ovl.conf', '[main]\nenabled=1\n'],
  ['etc/passwd', passwd],
  ['etc/group', group],
  ['etc/shadow', shadow],
  [
    'etc/hosts',
    '127.0.0.1   localhost localhost.localdomain localhost4 localhost4.localdomain4\n::1         localhost localhost.localdomain localhost6 localhost6.localdomain6\n',
  ],
  ['etc/host.conf', 'multi on\n'],
  ['etc/motd', ''],
  ['etc/environment', ''],
  ['etc/exports', ''],
  ['etc/profile', profile],
  ['etc/bashrc', bashrc],
  ['etc/shells', '/bin/sh\n/bin/bash\n/usr/bin/sh\n/usr/bin/bash\n'],
  [
    'etc/nsswitch.conf',
    'passwd:     files sss\nshadow:     files sss\ngroup:      files sss\nhosts:      files dns myhostname\nprotocols:  files\nservices:   files sss\n',
  ],
  ['etc/ld.so.conf', 'include ld.so.conf.d/*.conf\n'],
  [
    'etc/services',
    'ftp             21/tcp\nssh             22/tcp\ntelnet          23/tcp\nsmtp            25/tcp          mail\ndomain          53/tcp\ndomain          53/udp\nhttp            80/tcp          www www-http\nhttps           443/tcp\nmysql           3306/tcp\npostgres        5432/tcp        postgresql\nredis           6379/tcp\nwebcache        8080/tcp        http-alt\n',
  ],
  ['root/.bashrc', rootBashrc],
  ['root/.bash_profile', bashProfile],
  ['root/.bash_logout', '# ~/.bash_logout\n\n'],
  [
    'etc/skel/.bashrc',
    '# .bashrc\n\n# Source global definitions\nif [ -f /etc/bashrc ]; then\n\t. /etc/bashrc\nfi\n\n# User specific aliases and functions\n',
  ],
  ['etc/skel/.bash_profile', bashProfile.replace('PATH=$PATH:$HOME/bin', 'PATH=$PATH:$HOME/.local/bin:$HOME/bin')],
  ['etc/skel/.bash_logout', '# ~/.bash_logout\n\n'],
  [
    'etc/profile.d/colorls.sh',
    "alias ll='ls -l --color=auto' 2>/dev/null\nalias l.='ls -d .* --color=auto' 2>/dev/null\nalias ls='ls --color=auto' 2>/dev/null\n",
  ],
  [
    'etc/profile.d/colorgrep.sh',
    "alias grep='grep --color=auto' 2>/dev/null\nalias egrep='egrep --color=auto' 2>/dev/null\nalias fgrep='fgrep --color=auto' 2>/dev/null\n",
  ],
  ['etc/profile.d/which2.sh', "# Without which's own options: aliases are not looked up.\n"],
  [
    'etc/profile.d/vim.sh',
    'if [ -n "$BASH_VERSION" ]; then\n  [ -x /usr/bin/id ] || return\n  [ "$(/usr/bin/id -u)" -le 200 ] && return\n  alias vi >/dev/null 2>&1 || alias vi=vim\nfi\n',
  ],
  ['etc/profile.d/less.sh', '# less initialization script (sh)\n'],
  [
    'etc/login.defs',
    'MAIL_DIR /var/spool/mail\nUID_MIN 1000\nUID_MAX 60000\nSYS_UID_MIN 201\nSYS_UID_MAX 999\nGID_MIN 1000\nGID_MAX 60000\nSYS_GID_MIN 201\nSYS_GID_MAX 999\nCREATE_HOME yes\nUMASK 077\nUSERGROUPS_ENAB yes\nENCRYPT_METHOD SHA512\n',
  ],
  [
    'etc/default/useradd',
    '# useradd defaults file\nGROUP=100\nHOME=/home\nINACTIVE=-1\nEXPIRE=\nSHELL=/bin/bash\nSKEL=/etc/skel\nCREATE_MAIL_SPOOL=yes\n',
  ],
  ['etc/nginx/nginx.conf', nginxConf],
  ['etc/nginx/nginx.conf.default', nginxConf],
  ['etc/nginx/mime.types', mimeTypes],
  ['etc/nginx/mime.types.default', mimeTypes],
  [
    'usr/share/doc/HTML/index.html',
    page(
      'Welcome to CentOS',
      'The Community ENTerprise Operating System. This page stands for the one that centos-indexhtml installs.',
    ),
  ],
  ['usr/share/doc/HTML/en-US/index.html', page('Welcome to CentOS', 'The Community ENTerprise Operating System.')],
  ['usr/share/nginx/html/404.html', page('The page you are looking for is not found', 'nginx error!')],
  ['usr/share/nginx/html/50x.html', page('The page you are looking for is temporarily unavailable', 'nginx error!')],
  [
    'usr/share/httpd/noindex/index.html',
    page(
      'Testing 123..',
      'This page is used to test the proper operation of the Apache HTTP server after it has been installed.',
    ),
  ],
  ['etc/httpd/conf/httpd.conf', httpdConf],
  ['etc/httpd/conf.modules.d/00-base.conf', httpdModules],
  ['etc/httpd/conf.modules.d/00-mpm.conf', 'LoadModule mpm_prefork_module modules/mod_mpm_prefork.so\n'],
  [
    'etc/httpd/conf.d/welcome.conf',
    '<LocationMatch "^/+$">\n    Options -Indexes\n    ErrorDocument 403 /.noindex.html\n</LocationMatch>\n\n<Directory /usr/share/httpd/noindex>\n    AllowOverride None\n    Require all granted\n</Directory>\n\nAlias /.noindex.html /usr/share/httpd/noindex/index.html\n',
  ],
  ['etc/httpd/conf.d/autoindex.conf', '# Directory listings as mod_autoindex makes them.\n'],
  ['etc/httpd/conf.d/userdir.conf', '# UserDir is disabled.\n'],
  ['etc/sysconfig/httpd', '#OPTIONS=\nLANG=C\n'],
  ['usr/sbin/apachectl', apachectl],
  ['etc/mime.types', etcMimeTypes],
  [
    'etc/redis.conf',
    'bind 127.0.0.1\nprotected-mode yes\nport 6379\ntimeout 0\ndaemonize no\npidfile /var/run/redis_6379.pid\nlogfile /var/log/redis/redis.log\ndatabases 16\nsave 900 1\nsave 300 10\nsave 60 10000\ndbfilename dump.rdb\ndir /var/lib/redis\n',
  ],
  [
    'etc/sudoers',
    'Defaults    env_reset\nDefaults    secure_path = /sbin:/bin:/usr/sbin:/usr/bin\nroot\tALL=(ALL) \tALL\n%wheel\tALL=(ALL)\tALL\n',
  ],
]);

/** What packages do before and after their files come and before they go: our own, with the effects of the real ones. */
export const centosScripts: Readonly<Record<string, Partial<Record<'pre' | 'post' | 'preun' | 'postun', string>>>> = {
  'nginx-filesystem': {
    pre: 'getent group nginx > /dev/null || groupadd -r nginx\ngetent passwd nginx > /dev/null || useradd -r -d /var/lib/nginx -g nginx -s /sbin/nologin -c "Nginx web server" nginx\nexit 0\n',
  },
  nginx: { post: 'chown nginx:root /var/lib/nginx /var/lib/nginx/tmp /var/log/nginx 2> /dev/null\nexit 0\n' },
  httpd: {
    pre: 'getent group apache > /dev/null || groupadd -g 48 -r apache\ngetent passwd apache > /dev/null || useradd -r -u 48 -g apache -s /sbin/nologin -d /usr/share/httpd -c "Apache" apache\nexit 0\n',
  },
  redis: {
    pre: 'getent group redis > /dev/null || groupadd -r redis\ngetent passwd redis > /dev/null || useradd -r -g redis -d /var/lib/redis -s /sbin/nologin -c "Redis Database Server" redis\nexit 0\n',
    post: 'chown redis:redis /var/lib/redis /var/log/redis\nexit 0\n',
  },
  'mariadb-server': {
    pre: 'getent group mysql > /dev/null || groupadd -g 27 -r mysql\ngetent passwd mysql > /dev/null || useradd -r -u 27 -g mysql -d /var/lib/mysql -s /sbin/nologin -c "MariaDB Server" mysql\nexit 0\n',
    post: 'chown mysql:mysql /var/lib/mysql /var/log/mariadb\nexit 0\n',
  },
  'openssh-server': {
    pre: 'getent group sshd > /dev/null || groupadd -g 74 -r sshd\ngetent passwd sshd > /dev/null || useradd -r -u 74 -g sshd -d /var/empty/sshd -s /sbin/nologin -c "Privilege-separated SSH" sshd\nexit 0\n',
  },
};
