/**
 * Which commands there are, without their code: what the files of a system are made from, and what is loaded when one of
 * them runs. Kept equal to commands.ts by test/userland/command-names.test.ts (`UPDATE_NAMES=1` writes it).
 */
export interface CommandName {
  name: string;
  /** Package of the GNU family; '' when only BusyBox has it. */
  suite: string;
  applet: boolean;
}

/** `<suite>: name name* ...`; a star marks what BusyBox has too. */
const listed = `
adduser: adduser* addgroup* deluser* delgroup*
passwd: passwd* chpasswd* useradd groupadd usermod userdel groupdel groupmod gpasswd
dnsutils: nslookup* host dig
libc-bin: getent* getconf
util-linux: pivot_root* switch_root* mountpoint* findmnt losetup* unshare* nsenter* lsns dmesg* lscpu su* mount* umount* more* rev* flock* namei setsid* getopt* whereis
procps: free* uptime* watch* kill* pidof* pgrep* pkill* ps* top* sysctl*
net-tools: ifconfig* route* arp* netstat*
bridge-utils: brctl*
netcat: nc*
extra: telnet* sudo iptables
coreutils: chmod* chown* chgrp* touch* truncate* mkdir* rmdir* mktemp* ln* realpath* readlink* basename* dirname* pwd* link* unlink* md5sum* sha1sum* sha256sum* sha512sum* base64* df* true* false* sleep* env* printenv* yes* whoami* uname* arch* nproc* tty* sync* id* groups* date* cksum* sum* fmt pr mkfifo* mknod* factor* shuf* tsort* numfmt tac* fold* comm* join split* csplit who* users* expand* unexpand* test* [* timeout* nohup* nice* chroot* cat* cp* cut* dd* du* echo* expr* head* install* ls* mv* nl* od* paste* printf* rm* seq* sort* stat* stty* tail* tee* tr* uniq* wc* sha224sum sha384sum b2sum base32* basenc dir vdir logname* pathchk
gzip: gzip* gunzip* zcat*
psmisc: killall*
hostname: hostname*
ncurses: clear* reset* tput
debianutils: which*
bsdextrautils: hexdump* hd column look
gettext: envsubst
e2fsprogs: lsattr chattr
less: less*
bsdutils: logger* script
cron: crontab*
jq: jq
time: time*
mawk: awk*
ncal: cal*
diffutils: cmp* diff*
curl: curl
grep: egrep* fgrep* grep*
file: file
findutils: find* xargs*
iproute2: ip* ss
: httpd*
patch: patch*
iputils: ping*
sed: sed*
binutils: strings*
tar: tar*
tree: tree*
wget: wget*
xxd: xxd*
systemd: systemctl
init-system-helpers: service
`;

export const commandNames: readonly CommandName[] = listed
  .trim()
  .split('\n')
  .flatMap((line) => {
    const [suite = '', names = ''] = line.split(':');
    return names
      .trim()
      .split(' ')
      .map((text) => ({ name: text.replace(/\*$/, ''), suite, applet: text.endsWith('*') }));
  });

/** Applets in the order of `busybox --list`; `sh` and `ash` are the shell's. */
export const busyboxApplets: readonly string[] = [
  ...commandNames.filter(({ applet }) => applet).map(({ name }) => name),
  'sh',
  'ash',
  'busybox',
].sort();
