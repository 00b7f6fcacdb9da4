/**
 * Facts of Alpine packages (v3.20 to 3.22, near enough), one line each: name, version, installed KiB, packed KiB,
 * dependencies, description; then `path=program` for commands of the userland, other commands without a program.
 *
 * Differs from Alpine: all branches carry these versions.
 */
const lines = `
wget 1.25.0-r1 476 219 libidn2,libssl3,libcrypto3,pcre2,zlib|Network utility to retrieve files from the Web|usr/bin/wget=wget/wget
curl 8.14.1-r2 292 158 libcurl|URL retrival utility and library|usr/bin/curl=curl/curl
libcurl 8.14.1-r2 620 344 brotli-libs,c-ares,libcrypto3,libidn2,libpsl,libssl3,nghttp2-libs,zstd-libs,zlib|The multiprotocol file transfer library|
libidn2 2.3.7-r0 212 110 libunistring|Encode/Decode library for internationalized domain names|
libunistring 1.3-r0 1516 609 |Library for manipulating Unicode strings and C strings|
pcre2 10.43-r1 624 249 |Perl-compatible regular expression library|
brotli-libs 1.1.0-r2 948 425 |Generic lossless compressor (libraries)|
c-ares 1.34.5-r0 164 83 |Asynchronously DNS/names resolver library|
libpsl 0.21.5-r3 76 44 libidn2,libunistring|C library for the Publix Suffix List|
nghttp2-libs 1.65.0-r0 132 64 |Experimental HTTP/2 client, server and proxy (libraries)|
zstd-libs 1.5.7-r0 680 312 |Zstandard - Fast real-time compression algorithm (libraries)|
bash 5.2.37-r0 1316 495 readline|The GNU Bourne Again shell|bin/bash=bash
readline 8.2.13-r1 296 143 libncursesw|GNU readline library|
ncurses-terminfo-base 6.5_p20250503-r0 44 21 |Descriptions of common terminals|
libncursesw 6.5_p20250503-r0 396 154 ncurses-terminfo-base|Console display library (libncursesw)|
coreutils 9.7-r1 1076 504 libattr,libacl,skalibs-libs,utmps-libs|The basic file, shell and text manipulation utilities|*coreutils
libattr 2.5.2-r2 12 7 |Dynamic library for extended attribute support|
libacl 2.3.2-r1 40 18 |Dynamic library for access control list support|
skalibs-libs 2.14.4.0-r0 232 97 |Set of general-purpose C programming libraries|
utmps-libs 0.1.3.1-r0 72 28 skalibs-libs|A secure utmp/wtmp implementation (libraries)|
findutils 4.10.0-r0 532 232 |GNU utilities for finding files|usr/bin/find=findutils/find usr/bin/xargs=findutils/xargs
grep 3.12-r0 200 92 pcre2|Searches input files for lines containing a match to a specified pattern|bin/grep=grep/grep
sed 4.9-r2 188 88 |GNU stream editor|bin/sed=sed/sed
gawk 5.3.2-r2 1252 466 |GNU awk pattern-matching language|usr/bin/gawk=mawk/awk
tree 2.2.1-r0 92 43 |A recursive directory indented listing program|usr/bin/tree=extra/tree
less 668-r0 256 120 libncursesw|File pager|usr/bin/less=less/less
jq 1.8.0-r0 724 307 oniguruma|A lightweight and flexible command-line JSON processor|usr/bin/jq=jq/jq
oniguruma 6.9.10-r0 536 207 |a regular expressions library|
procps-ng 4.0.4-r3 556 231 libncursesw,libproc2|Utilities for monitoring your system and processes|usr/bin/ps=procps/ps
libproc2 4.0.4-r3 92 39 |Library for monitoring your system and processes (libproc2)|
iproute2 6.15.0-r0 796 332 iproute2-minimal|IP Routing Utilities|
iproute2-minimal 6.15.0-r0 608 287 libelf,libmnl,libcap2|IP Routing Utilities (ip and ss)|sbin/ip=iproute2/ip bin/ss=iproute2/ss
libelf 0.193-r0 108 49 zlib|Libraries for ELF object files|
libmnl 1.0.5-r2 24 9 |Library for minimalistic netlink|
libcap2 2.76-r0 36 16 |POSIX 1003.1e capabilities (library)|
iputils 20240905-r0 0 2 iputils-ping,iputils-tracepath,iputils-arping|IP Configuration Utilities (and Ping)|
iputils-ping 20240905-r0 84 37 libcap2|Send ICMP ECHO_REQUEST to network hosts|bin/ping=iputils/ping
iputils-tracepath 20240905-r0 24 9 |Trace path to network hosts|usr/sbin/tracepath
iputils-arping 20240905-r0 32 14 libcap2|Send ARP REQUEST to a neighbour host|usr/sbin/arping
bind-tools 9.20.10-r0 596 209 bind-libs|The ISC DNS tools|usr/bin/dig=dnsutils/dig usr/bin/nslookup=dnsutils/nslookup usr/bin/host=dnsutils/host
bind-libs 9.20.10-r0 2932 1192 json-c,libuv,libxml2,userspace-rcu|The ISC DNS server (libraries)|
json-c 0.18-r1 76 33 |JSON implementation in C|
libuv 1.51.0-r0 200 89 |Cross-platform asychronous I/O|
libxml2 2.13.8-r0 1260 499 xz-libs,zlib|XML parsing library, version 2|
xz-libs 5.8.1-r0 200 95 |Library and CLI tools for XZ and LZMA compressed files (libraries)|
userspace-rcu 0.15.2-r0 220 78 |Userspace RCU (read-copy-update) library|
tcpdump 4.99.5-r1 1236 498 libcap-ng,libpcap|A tool for network monitoring and data acquisition|usr/bin/tcpdump
libcap-ng 0.8.5-r0 36 15 |POSIX capabilities library|
libpcap 1.10.5-r1 316 141 |A system-independent interface for user-level packet capture|
git 2.49.0-r0 9764 4500 libcurl,libexpat,pcre2,zlib|Distributed version control system|usr/bin/git=git/2.49.0
libexpat 2.7.1-r0 164 76 |XML Parser library written in C (libraries)|
openssl 3.5.0-r0 1000 390 libcrypto3,libssl3|Toolkit for Transport Layer Security (TLS)|usr/bin/openssl
ca-certificates 20241121-r2 704 279 libcrypto3|Common CA certificates PEM files from Mozilla|usr/sbin/update-ca-certificates
tzdata 2025b-r0 1600 425 |Timezone data|
nginx 1.28.0-r3 1208 508 pcre2,libcrypto3,libssl3,zlib|HTTP and reverse proxy server (stable version)|usr/sbin/nginx=nginx
apache2 2.4.63-r2 3108 1290 apr,apr-util,libcrypto3,pcre2,zlib|A high performance Unix-based HTTP server|usr/sbin/httpd=httpd
apr 1.7.5-r0 200 97 libuuid|The Apache Portable Runtime|
apr-util 1.6.3-r1 184 84 apr,libexpat|The Apache Portable Runtime Utility Library|
libuuid 2.41-r9 36 16 |DCE compatible Universally Unique Identifier library|
redis 8.0.2-r0 4248 1620 libcrypto3,libssl3|Advanced key-value store|usr/bin/redis-server=redis-server usr/bin/redis-cli=redis-cli
python3 3.12.11-r0 42256 11440 gdbm,libbz2,libexpat,libffi,libncursesw,libpanelw,mpdecimal,readline,sqlite-libs,xz-libs,zlib|High-level scripting language|usr/bin/python3=python/3.12.11
py3-pip 25.1.1-r0 7320 2310 py3-setuptools,python3|Tool for installing and managing Python packages|usr/bin/pip=pip usr/bin/pip3=pip
py3-setuptools 80.9.0-r0 4680 1290 py3-packaging,python3|Collection of enhancements to the Python distutils|
py3-packaging 25.0-r0 420 120 python3|Core utilities for Python packages|
gdbm 1.24-r0 116 48 |GNU dbm is a set of database routines that use extensible hashing|
libbz2 1.0.8-r6 72 34 |Shared library for bz2|
libffi 3.4.8-r0 44 21 |Portable, high level programming interface to various calling conventions|
libpanelw 6.5_p20250503-r0 16 7 libncursesw|Console display library (libpanelw)|
mpdecimal 4.0.1-r0 260 95 |Complete implementation of the General Decimal Arithmetic Specification|
sqlite-libs 3.49.2-r0 1144 545 |Sqlite3 library|
sqlite 3.49.2-r0 1780 780 libncursesw,readline,sqlite-libs,zlib|C library that implements an SQL database engine|usr/bin/sqlite3
nodejs 22.16.0-r2 67000 17600 ada-libs,brotli-libs,c-ares,icu-libs,libcrypto3,libgcc,libssl3,libstdc++,libuv,nghttp2-libs,simdjson,sqlite-libs,zlib|JavaScript runtime built on V8 engine - LTS version|usr/bin/node=node
ada-libs 2.9.2-r2 600 220 libgcc,libstdc++|WHATWG-compliant and fast URL parser (libraries)|
simdjson 3.12.3-r0 180 70 libgcc,libstdc++|Parsing gigabytes of JSON per second|
icu-libs 76.1-r1 5300 2000 icu-data-en,libgcc,libstdc++|International Components for Unicode library (libraries)|
icu-data-en 76.1-r1 2820 920 |Stripped ICU data with only en_US/GB locale and no legacy charset converters|
libgcc 14.2.0-r6 152 69 |GNU C compiler runtime libraries|
libstdc++ 14.2.0-r6 2700 690 libgcc|GNU C++ standard runtime library|
npm 11.3.0-r1 9900 2250 nodejs|The package manager for JavaScript|usr/bin/npm=npm usr/bin/npx=npx
vim 9.1.1415-r0 3900 1620 libncursesw,vim-common,xxd|Improved vi-style text editor|usr/bin/vim=vim
vim-common 9.1.1415-r0 9700 2100 |Improved vi-style text editor (common files)|
xxd 9.1.1415-r0 28 10 |Make a hexdump or do the reverse|usr/bin/xxd=xxd/xxd
nano 8.4-r0 700 295 libncursesw|Enhanced clone of the Pico text editor|usr/bin/nano=nano
htop 3.4.1-r0 230 104 libncursesw|Interactive process viewer|usr/bin/htop
openssh-client 10.0_p1-r7 0 2 openssh-client-default|OpenBSD's SSH client|
openssh-client-default 10.0_p1-r7 880 380 openssh-client-common,libcrypto3,libedit|OpenBSD's SSH client|usr/bin/ssh
openssh-client-common 10.0_p1-r7 2600 1030 libcrypto3|OpenBSD's SSH client common files|
libedit 20250104.3.1-r1 200 88 libncursesw|BSD line editing library|
mysql-client 11.4.5-r2 0 2 mariadb-client|dummy package for migration|
mariadb-client 11.4.5-r2 35000 4800 libcrypto3,libssl3,libncursesw,libstdc++,zlib,mariadb-common|client for the MariaDB database|usr/bin/mariadb
mariadb-common 11.4.5-r2 60 8 |MariaDB common files for both server and client|
postgresql17-client 17.5-r0 2900 1330 libpq,lz4-libs,readline,zlib,zstd-libs,postgresql-common|PostgreSQL client|usr/bin/psql
postgresql-common 1.2-r1 24 5 |Common files of PostgreSQL|
libpq 17.5-r0 330 150 libcrypto3,libssl3|PostgreSQL client library|
lz4-libs 1.10.0-r0 150 68 |LZ4 compression library|
make 4.4.1-r3 260 130 |GNU make utility to maintain groups of programs|usr/bin/make
gcc 14.2.0-r6 142000 51000 binutils,gmp,isl26,libatomic,libgomp,mpc1,mpfr4,libgcc,musl-dev,zlib|The GNU Compiler Collection|usr/bin/gcc
g++ 14.2.0-r6 58000 18500 gcc,libc-dev,libstdc++-dev,gmp,isl26,mpc1,mpfr4|GNU C++ standard library and compiler|usr/bin/g++
libstdc++-dev 14.2.0-r6 20000 2700 libstdc++|GNU C++ standard runtime library (development files)|
binutils 2.44-r2 8000 3000 jansson,libctf,zlib,zstd-libs|Tools necessary to build programs|usr/bin/ld usr/bin/as usr/bin/ar
jansson 2.14.1-r0 60 28 |lightweight JSON library|
libctf 2.44-r2 200 90 zlib,zstd-libs|Tools necessary to build programs|
gmp 6.3.0-r3 430 216 |Free library for arbitrary precision arithmetic|
isl26 0.26-r1 2200 770 gmp|An Integer Set Library for the Polyhedral Model|
libatomic 14.2.0-r6 32 12 |GCC Atomic library|
libgomp 14.2.0-r6 300 140 |GCC shared-memory parallel programming API library|
mpc1 1.3.1-r1 112 50 gmp,mpfr4|Multiprecision C library|
mpfr4 4.2.1_p1-r0 400 210 gmp|Multiple-precision floating-point library|
musl-dev 1.2.5-r10 10800 1690 musl|the musl c library (libc) implementation (development files)|
libc-dev 0.7.2-r5 0 2 musl-dev|Meta package to pull in correct libc|
fortify-headers 1.1-r5 84 11 |standalone fortify source implementation|
patch 2.8-r0 190 90 |Utility to apply diffs to files|usr/bin/patch=patch/patch
file 5.46-r2 60 22 libmagic|File type identification utility|usr/bin/file=file/file
libmagic 5.46-r2 9700 520 |File type identification library|
build-base 0.5-r3 4 2 binutils,file,fortify-headers,g++,gcc,libc-dev,make,patch|Meta package for build base|
linux-headers 6.14.2-r0 6400 1400 |Linux kernel headers|
shadow 4.17.3-r0 700 310 libbsd,linux-pam|PAM-using login and passwd utilities|usr/sbin/useradd=shadow/useradd usr/sbin/groupadd=shadow/groupadd usr/sbin/usermod=shadow/usermod usr/sbin/userdel=shadow/userdel
libbsd 0.12.2-r0 100 48 libmd|commonly-used BSD functions not implemented by all libcs|
libmd 1.1.0-r0 60 27 |Message Digest functions from BSD systems|
linux-pam 1.7.0-r4 900 390 |Pluggable Authentication Modules|
sudo 1.9.17_p2-r0 2700 1100 zlib|Give certain users the ability to run some commands as root|usr/bin/sudo
su-exec 0.2-r3 20 6 |switch user and group id, setgroups and exec|sbin/su-exec=gosu
tini 0.19.0-r3 32 12 |A tiny but valid init for containers|sbin/tini
dumb-init 1.2.5-r3 28 9 |minimal init system for Linux containers|usr/bin/dumb-init
rsync 3.4.1-r0 450 215 acl-libs,lz4-libs,popt,xxhash,zlib,zstd-libs|A file transfer program to keep remote files in sync|usr/bin/rsync
acl-libs 2.3.2-r1 0 2 libacl|Dynamic library for access control list support|
popt 1.19-r4 64 27 |A commandline option parser|
xxhash 0.8.3-r0 180 70 |Extremely fast hash algorithm|
tar 1.35-r3 550 260 |Utility used to store, backup, and transport files|bin/tar=tar/tar
gzip 1.14-r0 180 80 |Popular data compression program|bin/gzip=gzip/gzip
zip 3.0-r13 400 170 unzip|Creates PKZIP-compatible .zip files|usr/bin/zip
unzip 6.0-r15 350 150 |Extract PKZIP-compatible .zip files|usr/bin/unzip
xz 5.8.1-r0 180 90 xz-libs|Library and CLI tools for XZ and LZMA compressed files|usr/bin/xz
netcat-openbsd 1.229.1-r0 50 22 libbsd|TCP/IP swiss army knife. OpenBSD variant.|usr/bin/nc=netcat/nc
socat 1.8.0.3-r1 500 200 libcrypto3,libssl3,readline|Multipurpose relay for binary protocols|usr/bin/socat
strace 6.15-r0 1900 560 |A useful diagnositic, instructional, and debugging tool|usr/bin/strace
lsof 4.99.5-r0 320 140 |LiSt Open Files|usr/bin/lsof
util-linux 2.41-r9 0 2 util-linux-misc,setpriv|Random collection of Linux utilities|
util-linux-misc 2.41-r9 900 420 libncursesw|Random collection of small Linux utilities|
setpriv 2.41-r9 40 18 libcap-ng|Run a program with different Linux privilege settings|
diffutils 3.12-r0 500 220 |Compare files and merge changes|usr/bin/diff=diffutils/diff
gettext 0.24.1-r0 5600 1500 gettext-libs,libintl|GNU locale utilities|usr/bin/gettext
gettext-libs 0.24.1-r0 2200 800 libintl|GNU gettext shared libraries|
libintl 0.24.1-r0 64 30 |GNU gettext runtime library|
docker-cli 28.2.2-r0 38000 16000 ca-certificates|Docker CLI|
`;

/** Commands of GNU coreutils, where Alpine's package has them. */
const coreutils: [directory: string, name: string][] = [
  ...'cat chmod chown cp date dd df echo false ln ls mkdir mknod mktemp mv pwd rm rmdir sleep stat stty sync touch true uname'
    .split(' ')
    .map((name): [string, string] => ['bin', name]),
  ...'basename cksum comm cut dirname du env expand expr fold head id install nl nproc od paste printenv printf readlink realpath seq sha256sum md5sum sha1sum sha512sum shuf sort split sum tac tail tee test timeout tr tsort tty unexpand uniq wc whoami yes base64 truncate'
    .split(' ')
    .map((name): [string, string] => ['usr/bin', name]),
];

export interface AlpinePackage {
  name: string;
  version: string;
  /** Bytes. */
  installed: number;
  packed: number;
  depends: string[];
  description: string;
  /** Path without a leading slash -> program of the userland; undefined: a binary that is not simulated. */
  commands: [path: string, program: string | undefined][];
}

export const alpinePackages: readonly AlpinePackage[] = lines
  .trim()
  .split('\n')
  .map((line) => {
    const [head = '', description = '', files = ''] = line.split('|');
    const [name = '', version = '', installed, packed, depends = ''] = head.split(' ');
    const commands = files.startsWith('*')
      ? coreutils.map((one): [string, string] => [`${one[0]}/${one[1]}`, `coreutils/${one[1]}`])
      : files
          .split(' ')
          .filter(Boolean)
          .map((file): [string, string | undefined] => {
            const [path, program] = file.split('=');
            return [path!, program];
          });
    return {
      name,
      version,
      installed: Number(installed) * 1024,
      packed: Number(packed) * 1024,
      depends: depends.split(',').filter(Boolean),
      description,
      commands,
    };
  });
