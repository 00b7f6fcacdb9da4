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
util-linux: pivot_root* switch_root* mountpoint* findmnt losetup* unshare* nsenter* lsns dmesg* lscpu lsblk su* getopt* whereis mount* umount* more* rev* flock* namei setpriv setsid* fallocate*
procps: free* uptime* watch* vmstat w sysctl* kill* pidof* pgrep* pkill* ps* top*
psmisc: pstree* killall*
net-tools: ifconfig* route* arp* netstat*
bridge-utils: brctl*
netcat: nc*
extra: telnet* sudo iptables
coreutils: chmod* chown* chgrp* touch* truncate* mkdir* rmdir* mktemp* ln* realpath* readlink* basename* dirname* pwd* link* unlink* md5sum* sha1sum* sha256sum* sha512sum* sha224sum sha384sum b2sum base64* base32* basenc ls* dir vdir logname* pathchk df* true* false* sleep* env* printenv* yes* whoami* uname* arch* nproc* tty* sync* id* groups* date* cksum* sum* fmt pr mkfifo* mknod* factor* shuf* tsort* numfmt tac* fold* comm* join split* csplit who* users* expand* unexpand* test* [* timeout* nohup* nice* chroot* cat* cp* cut* dd* du* echo* expr* head* install* mv* nl* od* paste* printf* rm* seq* sort* stat* stty* tail* tee* tr* uniq* wc*
gzip: gzip* gunzip* zcat*
systemd: systemctl
init-system-helpers: service
hostname: hostname* dnsdomainname*
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
openssl: openssl
patch: patch*
iputils: ping*
sed: sed*
binutils: strings*
tar: tar*
tree: tree*
wget: wget*
xxd: xxd*
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

/** Applets of the busybox image's 1.37.0 that are there and say that they are not simulated. */
export const idleApplets: ReadonlySet<string> = new Set(
  `
[[ acpid add-shell adjtimex arping ascii bc beep blkdiscard blkid blockdev bootchartd bunzip2 bzcat bzip2 chat
chattr chpst chrt chvt conspy cpio crc32 crond cryptpw cttyhack dc deallocvt depmod devmem dhcprelay dnsd
dnsdomainname dos2unix dpkg dpkg-deb dumpkmap dumpleases ed eject envdir envuidgid ether-wake fakeidentd
fatattr fbset fbsplash fdflush fdformat fdisk fgconsole findfs freeramdisk fsck fsck.minix fsfreeze fstrim
fsync ftpd ftpget ftpput fuser getfattr getty halt hd hdparm hexedit hostid hush hwclock i2cdetect i2cdump
i2cget i2cset i2ctransfer ifdown ifenslave ifplugd ifup inetd init insmod ionice iostat ipaddr ipcalc ipcrm
ipcs iplink ipneigh iproute iprule iptunnel kbd_mode killall5 klogd last linux32 linux64 linuxrc loadfont
loadkmap login logread lpd lpq lpr lsattr lsmod lsof lspci lsscsi lsusb lzcat lzma lzop makedevs makemime man
mdev mesg microcom mim mkdosfs mke2fs mkfs.ext2 mkfs.minix mkfs.vfat mkpasswd mkswap modinfo modprobe mpstat
mt nameif nanddump nandwrite nbd-client nmeter nologin ntpd openvt partprobe ping6 pipe_progress pmap
popmaildir poweroff powertop pscan pwdx raidautorun rdate rdev readahead readprofile reboot reformime
remove-shell renice resize resume rmmod rpm rpm2cpio rtcwake run-init run-parts runlevel runsv runsvdir rx
script scriptreplay seedrng sendmail setarch setconsole setfattr setfont setkeycodes setlogcons setpriv
setserial setuidgid sha3sum showkey shred slattach smemcap softlimit ssl_client start-stop-daemon sulogin sv
svc svlogd svok swapoff swapon syslogd taskset tcpsvd telnetd tftp tftpd traceroute traceroute6 ts ttysize
tunctl ubiattach ubidetach ubimkvol ubirename ubirmvol ubirsvol ubiupdatevol udhcpc udhcpc6 udhcpd udpsvd
uevent unix2dos unlzma unxz unzip usleep uudecode uuencode vconfig vi vlock volname w wall watchdog whois xz
xzcat zcip
`
    .trim()
    .split(/\s+/),
);
