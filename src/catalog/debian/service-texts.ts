/**
 * Scripts of the packages that run services: our own, with the behaviour of the real ones. Paths without a leading slash.
 */

/** sysvinit-utils' service(8). */
const service = `#!/bin/sh
is_ignored_file() {
  case "$1" in
    skeleton|README|*.dpkg-dist|*.dpkg-old|rc|rcS|single|reboot|bootclean.sh) return 0 ;;
  esac
  return 1
}
if [ $# -eq 0 ]; then
  echo "Usage: service < option > | --status-all | [ service_name [ command | --full-restart ] ]" >&2
  exit 1
fi
if [ "$1" = "--status-all" ]; then
  cd /etc/init.d
  for SERVICE in *; do
    is_ignored_file "$SERVICE" && continue
    [ -x "$SERVICE" ] || continue
    if "./$SERVICE" status >/dev/null 2>&1; then echo " [ + ]  $SERVICE"; else echo " [ - ]  $SERVICE"; fi
  done
  exit 0
fi
SERVICE=$1
ACTION=$2
if [ "$ACTION" = "--full-restart" ]; then
  "$0" "$SERVICE" stop
  exec "$0" "$SERVICE" start
fi
if [ ! -x "/etc/init.d/$SERVICE" ]; then
  echo "$SERVICE: unrecognized service" >&2
  exit 1
fi
shift
exec env -i LANG="$LANG" PATH="$PATH" TERM="$TERM" "/etc/init.d/$SERVICE" "$@"
`;

/** invoke-rc.d(8): asks policy-rc.d first. */
const invokeRcD = `#!/bin/sh
while [ $# -gt 0 ]; do
  case "$1" in
    --*) shift ;;
    *) break ;;
  esac
done
NAME=$1
ACTION=$2
if [ ! -x "/etc/init.d/$NAME" ]; then
  echo "invoke-rc.d: unknown initscript, /etc/init.d/$NAME not found." >&2
  exit 100
fi
[ -d /run/systemd/system ] || [ -e /run/utmp ] || echo "invoke-rc.d: could not determine current runlevel" >&2
if [ -x /usr/sbin/policy-rc.d ]; then
  /usr/sbin/policy-rc.d "$NAME" "$ACTION"
  STATUS=$?
  if [ $STATUS -eq 101 ]; then
    echo "invoke-rc.d: policy-rc.d denied execution of $ACTION." >&2
    exit 0
  fi
fi
exec "/etc/init.d/$NAME" "$ACTION"
`;

const updateRcD = `#!/bin/sh
[ "$1" = -f ] && shift
NAME=$1
case "$2" in
  defaults|enable)
    for l in 2 3 4 5; do
      mkdir -p /etc/rc$l.d
      [ -e /etc/rc$l.d/S01$NAME ] || ln -s ../init.d/$NAME /etc/rc$l.d/S01$NAME
    done ;;
  remove|disable) rm -f /etc/rc?.d/[SK]??$NAME ;;
esac
`;

/** Debian says "Starting nginx: nginx."; Ubuntu " * Starting nginx nginx" and "   ...done.". */
const lsb = `begin() { if [ "$ID" = ubuntu ]; then echo " * $1 $2"; else printf "%s: %s" "$1" "$2"; fi; }
finish() {
  if [ "$ID" = ubuntu ]; then
    [ "$1" -eq 0 ] && echo "   ...done." || echo "   ...fail!"
  else
    [ "$1" -eq 0 ] && echo "." || echo " failed!"
  fi
  return $1
}
. /etc/os-release
`;

function initScript(name: string, what: string, pidFile: string, start: string, stop: string, reload: string): string {
  return `#!/bin/sh
PATH=/sbin:/usr/sbin:/bin:/usr/bin
${lsb}
running() { [ -s ${pidFile} ] && kill -0 "$(cat ${pidFile})" 2>/dev/null; }
stop() {
  running || return 0
  ${stop}
  i=0
  while running && [ $i -lt 50 ]; do sleep 0.1; i=$((i + 1)); done
  return 0
}
case "$1" in
  start)
    begin "Starting ${what}" ${name}
    running || { ${start}; }
    finish $? ;;
  stop) begin "Stopping ${what}" ${name}; stop; finish $? ;;
  restart|force-restart) begin "Restarting ${what}" ${name}; stop; ${start}; finish $? ;;
  reload|force-reload) begin "Reloading ${what} configuration" ${name}; ${reload}; finish $? ;;
  status)
    if running; then echo "${name} is running."; exit 0; else echo "${name} is not running ... failed!"; exit 3; fi ;;
  *) echo "Usage: ${name} {start|stop|restart|reload|force-reload|status}" >&2; exit 3 ;;
esac
`;
}

/** apache2ctl: reads envvars, then runs apache2. */
const apachectl = `#!/bin/sh
: \${APACHE_CONFDIR:=/etc/apache2}
[ -r "$APACHE_CONFDIR/envvars" ] && . "$APACHE_CONFDIR/envvars"
export APACHE_CONFDIR
HTTPD=/usr/sbin/apache2
mkdir -p "\${APACHE_RUN_DIR:-/var/run/apache2}" "\${APACHE_LOCK_DIR:-/var/lock/apache2}"
[ -n "$1" ] || set -- -h
case "$1" in
  start|stop|restart|graceful|graceful-stop) exec $HTTPD \${APACHE_ARGUMENTS} -k "$@" ;;
  configtest) exec $HTTPD -t ;;
  status|fullstatus) echo "'www-browser -dump http://localhost:80/server-status' failed." >&2; exit 1 ;;
  *) exec $HTTPD "$@" ;;
esac
`;

/** a2enmod and its five sisters: what they are called says what they do. */
const a2 = `#!/bin/sh
me=\${0##*/}
case "$me" in
  *mod) kind=module dir=mods suffixes="load conf" ;;
  *site) kind=site dir=sites suffixes=conf ;;
  *conf) kind=conf dir=conf suffixes=conf ;;
esac
case "$kind" in module) Kind=Module ;; site) Kind=Site ;; conf) Kind=Conf ;; esac
if [ $# -eq 0 ]; then
  echo "Your choices are: $(cd /etc/apache2/$dir-available && ls | sed 's/\\.[a-z]*$//' | sort -u | tr '\\n' ' ')"
  exit 1
fi
status=0
changed=
for n in "$@"; do
  n=\${n%.conf}
  first=\${suffixes%% *}
  if [ ! -e "/etc/apache2/$dir-available/$n.$first" ]; then
    echo "ERROR: $Kind $n does not exist!" >&2
    status=1
    continue
  fi
  case "$me" in
    a2en*)
      if [ -e "/etc/apache2/$dir-enabled/$n.$first" ]; then echo "$Kind $n already enabled"; continue; fi
      echo "Enabling $kind $n."
      for s in $suffixes; do
        [ -e "/etc/apache2/$dir-available/$n.$s" ] && ln -s "../$dir-available/$n.$s" "/etc/apache2/$dir-enabled/$n.$s"
      done ;;
    *)
      if [ ! -e "/etc/apache2/$dir-enabled/$n.$first" ]; then echo "$Kind $n already disabled"; continue; fi
      for s in $suffixes; do rm -f "/etc/apache2/$dir-enabled/$n.$s"; done
      echo "$Kind $n disabled." ;;
  esac
  changed=yes
done
if [ -n "$changed" ]; then
  action=reload
  [ "$kind" = module ] && action=restart
  echo "To activate the new configuration, you need to run:"
  echo "  service apache2 $action"
fi
exit $status
`;

export const serviceTexts: readonly (readonly [path: string, text: string])[] = [
  ['usr/sbin/service', service],
  ['usr/sbin/invoke-rc.d', invokeRcD],
  ['usr/sbin/update-rc.d', updateRcD],
  [
    'etc/init.d/nginx',
    initScript(
      'nginx',
      'nginx',
      '/run/nginx.pid',
      '/usr/sbin/nginx',
      '/usr/sbin/nginx -s quit',
      '/usr/sbin/nginx -s reload',
    ),
  ],
  [
    'etc/init.d/apache2',
    initScript(
      'apache2',
      'Apache httpd web server',
      '/var/run/apache2/apache2.pid',
      '/usr/sbin/apache2ctl start',
      '/usr/sbin/apache2ctl stop',
      '/usr/sbin/apache2ctl graceful',
    ),
  ],
  [
    'etc/init.d/redis-server',
    initScript(
      'redis-server',
      'redis-server',
      '/run/redis/redis-server.pid',
      'mkdir -p /run/redis; /usr/bin/redis-server /etc/redis/redis.conf',
      'kill "$(cat /run/redis/redis-server.pid)"',
      'true',
    ),
  ],
  ['usr/sbin/apache2ctl', apachectl],
  ['usr/sbin/apachectl', apachectl],
  ...['a2enmod', 'a2dismod', 'a2ensite', 'a2dissite', 'a2enconf', 'a2disconf'].map(
    (name) => [`usr/sbin/${name}`, a2] as const,
  ),
];

/** What a Docker image has in /usr/sbin/policy-rc.d: no service is started by an installation. */
export const policyRcD = '#!/bin/sh\nexit 101\n';

/** debhelper's snippet at the end of a service's postinst. */
export const startService = (name: string): string =>
  `if [ -x /etc/init.d/${name} ]; then\n  update-rc.d ${name} defaults >/dev/null\n  invoke-rc.d ${name} start || exit 1\nfi\n`;
