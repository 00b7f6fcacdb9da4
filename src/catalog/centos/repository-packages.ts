/**
 * Facts of the packages that CentOS 7's repositories (base, updates, extras) and EPEL 7 offer beyond what the image
 * has, one line each; the form is explained in `package-facts.ts`. Versions and download sizes are the real ones.
 */
export const repositoryPackages = `
apr 1.4.8-7.el7 x86_64 base 221 104|ASL 2.0 and BSD with advertising and ISC and BSD|Apache Portable Runtime library|libuuid.so.1()(64bit)|L:libapr-1.so.0/0.4.8
apr-util 1.5.2-6.el7_9.1 x86_64 updates 194 92|ASL 2.0|Apache Portable Runtime Utility library|libapr-1.so.0()(64bit),libexpat.so.1()(64bit)|L:libaprutil-1.so.0/0.5.2
autoconf 2.69-11.el7 noarch base 2252 701|GPLv2+ and GPLv3+ and GFDL|A GNU tool for automatically configuring source code|m4 >= 1.4.14,perl|b:autoconf,autoheader,autom4te,autoreconf,autoscan,autoupdate,ifnames
automake 1.13.4-3.el7 noarch base 1740 679|GPLv2+ and GPLv3+ and GFDL and Public Domain and MIT|A GNU tool for automatically creating Makefiles|autoconf >= 2.65,perl|b:aclocal,aclocal-1.13,automake,automake-1.13
bash-completion 1:2.1-8.el7 noarch base 263 87|GPLv2+|Programmable completion for Bash|bash >= 4.1|etc/profile.d/bash_completion.sh usr/share/bash-completion/bash_completion
bind-libs 32:9.11.4-26.P2.el7_9.16 x86_64 updates 230 158|MPLv2.0|Libraries used by the BIND DNS packages|bind-license = 32:9.11.4-26.P2.el7_9.16,libdns.so.1102()(64bit)|L:libbind9.so.160/160.0.9 L:libisccc.so.160/160.0.6 L:liblwres.so.160/160.0.9
bind-libs-lite 32:9.11.4-26.P2.el7_9.16 x86_64 updates 2540 1127|MPLv2.0|Libraries for working with the DNS protocol|bind-license = 32:9.11.4-26.P2.el7_9.16,libGeoIP.so.1()(64bit)|L:libdns.so.1102/1102.1.2 L:libirs.so.160/160.2.3 L:libisc.so.169/169.0.3 L:libisccfg.so.160/160.3.0
bind-utils 32:9.11.4-26.P2.el7_9.16 x86_64 updates 441 262|MPLv2.0|Utilities for querying DNS name servers|bind-libs-lite(x86-64) = 32:9.11.4-26.P2.el7_9.16,bind-libs(x86-64) = 32:9.11.4-26.P2.el7_9.16,liblwres.so.160()(64bit),libisccfg.so.160()(64bit),libisc.so.169()(64bit),libdns.so.1102()(64bit),libbind9.so.160()(64bit)|b:nslookup,host,dig=dnsutils/ b:delv,mdig,nsupdate
bison 3.0.4-2.el7 x86_64 base 2154 674|GPLv3+|A GNU general-purpose parser generator|m4 >= 1.4|b:bison
bridge-utils 1.5-9.el7 x86_64 base 56 32|GPLv2+|Utilities for configuring the linux ethernet bridge||s:brctl=bridge-utils/brctl
bzip2 1.0.6-13.el7 x86_64 base 82 52|BSD|A file compression utility|bzip2-libs = 1.0.6-13.el7|b:bzip2,bzip2recover,bzdiff,bzgrep,bzmore usr/bin/bunzip2>bzip2 usr/bin/bzcat>bzip2
centos-indexhtml 7-9.el7.centos noarch base 90 92|Distributable|Browser default start page for CentOS||usr/share/doc/HTML/index.html usr/share/doc/HTML/en-US/index.html usr/share/doc/HTML/img/centos-logo.png|redhat-indexhtml
centos-logos 70.0.6-3.el7.centos noarch base 22124 21905|Copyright 2014 The CentOS Project. All rights reserved.|CentOS-related icons and pictures||usr/share/pixmaps/poweredby.png usr/share/pixmaps/fedora-logo.png *usr/share/backgrounds/day.jpg usr/share/backgrounds/morning.jpg usr/share/backgrounds/night.jpg|system-logos = 70.0.6-3.el7.centos,redhat-logos
cmake 2.8.12.2-2.el7 x86_64 base 27590 7270|BSD and MIT and zlib|Cross-platform make system|libarchive.so.13()(64bit),make|b:ccmake,cmake,cpack,ctest
cpp 4.8.5-44.el7 x86_64 base 15260 6107|GPLv3+ and GPLv3+ with exceptions and GPLv2+ with exceptions and LGPLv2+ and BSD|The C Preprocessor|libmpfr.so.4()(64bit),libmpc.so.3()(64bit)|b:cpp usr/lib/cpp>../bin/cpp *usr/libexec/gcc/x86_64-redhat-linux/4.8.2/cc1
cronie 1.4.11-25.el7_9 x86_64 updates 214 92|MIT and BSD and ISC and GPLv2+|Cron daemon for executing programs at set times|pam >= 1.0.1,dailyjobs|b:crontab=cron/crontab s:crond %etc/sysconfig/crond etc/cron.d/ var/spool/cron/
cronie-anacron 1.4.11-25.el7_9 x86_64 updates 45 36|MIT and BSD and ISC and GPLv2+|Utility for running regular jobs|crontabs|s:anacron %etc/anacrontab|dailyjobs
crontabs 1.11-6.20121102git.el7 noarch base 4 13|Public Domain and GPLv2|Root crontab files used to schedule the execution of programs||%etc/crontab b:run-parts etc/cron.daily/ etc/cron.hourly/ etc/cron.weekly/ etc/cron.monthly/
docker 2:1.13.1-210.git7d71120.el7.centos x86_64 extras 66560 18432|ASL 2.0|Automates deployment of containerized applications|docker-client = 2:1.13.1-210.git7d71120.el7.centos|b:dockerd-current
docker-client 2:1.13.1-210.git7d71120.el7.centos x86_64 extras 13500 3993|ASL 2.0|Client side files for Docker||b:docker-current
dos2unix 6.0.3-7.el7 x86_64 base 188 74|BSD|Text file format converters||b:dos2unix,mac2unix,unix2dos,unix2mac
e2fsprogs 1.42.9-19.el7 x86_64 base 2900 717|GPLv2|Utilities for managing ext2, ext3, and ext4 filesystems|libcom_err.so.2()(64bit),libss = 1.42.9-19.el7,e2fsprogs-libs = 1.42.9-19.el7|b:chattr,lsattr=e2fsprogs/ s:badblocks,debugfs,dumpe2fs,e2fsck,e2image,e2label,mke2fs,resize2fs,tune2fs %etc/mke2fs.conf
e2fsprogs-libs 1.42.9-19.el7 x86_64 base 342 171|GPLv2 and LGPLv2|Ext2/3/4 filesystem-specific shared libraries||L:libext2fs.so.2/2.4 L:libe2p.so.2/2.3
epel-release 7-11 noarch extras 24 15|GPLv2|Extra Packages for Enterprise Linux repository configuration||%etc/yum.repos.d/epel.repo %etc/yum.repos.d/epel-testing.repo etc/pki/rpm-gpg/RPM-GPG-KEY-EPEL-7 usr/lib/systemd/system-preset/90-epel.preset
ethtool 2:4.8-10.el7 x86_64 base 317 127|GPLv2|Settings tool for Ethernet NICs||s:ethtool
expat-devel 2.1.0-15.el7_9 x86_64 updates 204 58|MIT|Libraries and header files to develop applications using expat|expat = 2.1.0-15.el7_9|usr/include/expat.h
expect 5.45-14.el7_1 x86_64 base 558 262|Public Domain|A program-script interaction and testing utility|libtcl8.5.so()(64bit)|b:expect,unbuffer,mkpasswd
file 5.11-37.el7 x86_64 base 66 57|BSD|A utility for determining file types|file-libs = 5.11-37.el7|b:file=file/file
firewalld 0.6.3-13.el7_9 noarch updates 1912 449|GPLv2+|A firewall daemon with D-Bus interface providing a dynamic firewall|iptables|b:firewall-cmd s:firewalld %etc/firewalld/firewalld.conf
flex 2.5.37-6.el7 x86_64 base 736 293|BSD and LGPLv2+|A tool for creating scanners (text pattern recognizers)|m4|b:flex,flex++
fontconfig 2.13.0-4.3.el7 x86_64 base 681 254|MIT and Public Domain and UCD|Font configuration and customization library|libfreetype.so.6()(64bit)|L:libfontconfig.so.1/1.12.0 b:fc-cache,fc-list,fc-match
freetype 2.8-14.el7_9.1 x86_64 updates 796 380|(FTL or GPLv2+) and BSD and MIT and Public Domain and zlib with acknowledgement|A free and portable font rendering engine|libpng15.so.15()(64bit)|L:libfreetype.so.6/6.14.0
gcc 4.8.5-44.el7 x86_64 base 38140 16589|GPLv3+ and GPLv3+ with exceptions and GPLv2+ with exceptions and LGPLv2+ and BSD|Various compilers (C, C++, Objective-C, Java, ...)|libgomp = 4.8.5-44.el7,cpp = 4.8.5-44.el7,glibc-devel >= 2.2.90-12,libmpfr.so.4()(64bit),libmpc.so.3()(64bit)|b:c89,c99,gcc,gcc-ar,gcc-nm,gcc-ranlib,gcov,x86_64-redhat-linux-gcc usr/bin/cc>gcc *usr/libexec/gcc/x86_64-redhat-linux/4.8.2/lto1
gcc-c++ 4.8.5-44.el7 x86_64 base 16840 7373|GPLv3+ and GPLv3+ with exceptions and GPLv2+ with exceptions and LGPLv2+ and BSD|C++ support for GCC|libstdc++-devel = 4.8.5-44.el7,gcc = 4.8.5-44.el7,libmpfr.so.4()(64bit),libmpc.so.3()(64bit)|b:c++,g++,x86_64-redhat-linux-g++ *usr/libexec/gcc/x86_64-redhat-linux/4.8.2/cc1plus
GeoIP 1.5.0-14.el7 x86_64 base 2900 1536|LGPLv2+ and GPLv2+ and CC-BY-SA|Library for country/city/organization to IP address or hostname mapping|geoipupdate|L:libGeoIP.so.1/1.5.0 b:geoiplookup,geoiplookup6 *usr/share/GeoIP/GeoIP.dat
gettext 0.19.8.1-3.el7 x86_64 base 4700 1044|GPLv3+ and LGPLv2+|GNU libraries and utilities for producing multi-lingual messages|gettext-libs(x86-64) = 0.19.8.1-3.el7|b:envsubst=gettext/envsubst b:gettext,gettext.sh,msgfmt,msgmerge,ngettext,xgettext
gettext-libs 0.19.8.1-3.el7 x86_64 base 1600 514|LGPLv2+ and GPLv3+|Libraries for gettext||L:libgettextpo.so.0/0.5.4 L:libasprintf.so.0/0.0.0
git 1.8.3.1-25.el7_9 x86_64 updates 22560 4506|GPLv2|Fast Version Control System|perl-Git = 1.8.3.1-25.el7_9,rsync,perl(Term::ReadKey),perl(Git),perl(Error),perl,openssh-clients,less|b:git=git/1.8.3.1 b:git-receive-pack,git-shell,git-upload-archive,git-upload-pack *usr/libexec/git-core/git-remote-http
glibc-devel 2.17-326.el7_9 x86_64 updates 1090 1126|LGPLv2+ and LGPLv2+ with exceptions and GPLv2+|Object files for development using standard C libraries.|glibc-headers = 2.17-326.el7_9,glibc = 2.17-326.el7_9|usr/lib64/crt1.o usr/lib64/crti.o usr/lib64/crtn.o *usr/lib64/libc_nonshared.a
glibc-headers 2.17-326.el7_9 x86_64 updates 2310 709|LGPLv2+ and LGPLv2+ with exceptions and GPLv2+|Header files for development using standard C libraries.|kernel-headers >= 2.2.1,glibc = 2.17-326.el7_9|usr/include/stdio.h usr/include/stdlib.h usr/include/string.h usr/include/unistd.h
golang 1.20.12-1.el7 x86_64 epel 1050 721|BSD and Public Domain|The Go Programming Language|golang-bin = 1.20.12-1.el7,golang-src = 1.20.12-1.el7|usr/lib/golang/VERSION
golang-bin 1.20.12-1.el7 x86_64 epel 226000 60416|BSD and Public Domain|Golang core compiler tools|golang = 1.20.12-1.el7,gcc|b:go,gofmt *usr/lib/golang/pkg/tool/linux_amd64/compile
golang-src 1.20.12-1.el7 noarch epel 65000 10547|BSD and Public Domain|Golang compiler source tree|golang = 1.20.12-1.el7|*usr/lib/golang/src/builtin/builtin.go
gperftools-libs 2.6.1-1.el7 x86_64 base 1210 272|BSD|Libraries provided by gperftools||L:libprofiler.so.0/0.4.14 L:libtcmalloc.so.4/4.4.5
gpm-libs 1.20.7-6.el7 x86_64 base 59 32|GPLv2 and GPLv2+ with exceptions and GPLv3+ and Verbatim and Copyright only|Dynamic library for for the gpm||L:libgpm.so.2/2.1.0
groff-base 1.22.2-8.el7 x86_64 base 3370 942|GPLv3+ and GFDL and BSD and MIT|Parts of the groff formatting system required to display manual pages||b:eqn,grops,grotty,groff,nroff,pic,preconv,soelim,tbl,troff
haproxy 1.5.18-9.el7_9.1 x86_64 updates 2680 834|GPLv2+|HAProxy reverse proxy for high availability environments|shadow-utils,openssl-libs|s:haproxy %etc/haproxy/haproxy.cfg
htop 2.2.0-3.el7 x86_64 epel 218 103|GPL+|Interactive process viewer|libncursesw.so.5()(64bit)|b:htop
httpd 2.4.6-99.el7.centos.1 x86_64 updates 9630 2765|ASL 2.0|Apache HTTP Server|httpd-tools = 2.4.6-99.el7.centos.1,system-logos >= 7.92.1-1,/etc/mime.types,libaprutil-1.so.0()(64bit),libapr-1.so.0()(64bit)|s:httpd=httpd s:apachectl,htcacheclean,rotatelogs,suexec %etc/httpd/conf/httpd.conf %etc/httpd/conf/magic %etc/httpd/conf.d/welcome.conf %etc/httpd/conf.d/autoindex.conf %etc/httpd/conf.d/userdir.conf %etc/httpd/conf.modules.d/00-base.conf %etc/httpd/conf.modules.d/00-mpm.conf %etc/sysconfig/httpd etc/httpd/logs>../../var/log/httpd etc/httpd/modules>../../usr/lib64/httpd/modules etc/httpd/run>/run/httpd usr/lib/systemd/system/httpd.service usr/lib64/httpd/modules/mod_mpm_prefork.so usr/lib64/httpd/modules/mod_mpm_event.so usr/lib64/httpd/modules/mod_dir.so usr/lib64/httpd/modules/mod_mime.so usr/lib64/httpd/modules/mod_alias.so usr/lib64/httpd/modules/mod_rewrite.so usr/lib64/httpd/modules/mod_proxy.so usr/lib64/httpd/modules/mod_proxy_http.so usr/share/httpd/noindex/index.html usr/share/httpd/icons/apache_pb.gif run/httpd/ var/log/httpd/ var/www/html/ var/www/cgi-bin/|webserver
httpd-tools 2.4.6-99.el7.centos.1 x86_64 updates 168 94|ASL 2.0|Tools for use with the Apache HTTP Server|libaprutil-1.so.0()(64bit),libapr-1.so.0()(64bit)|b:ab,htdbm,htdigest,htpasswd,logresolve
initscripts 9.49.53-1.el7_9.1 x86_64 updates 1700 440|GPLv2 and GPLv2+|The inittab file and the /etc/init.d scripts|iproute,sysvinit-tools >= 2.87-5,hostname|s:consoletype,genhostid,ifdown,ifup,service,sysctl etc/rc.d/init.d/functions %etc/sysconfig/network-scripts/ifcfg-lo
iproute 4.11.0-30.el7 x86_64 base 1770 805|GPLv2+ and Public Domain|Advanced IP routing and network device configuration tools|libmnl.so.0()(64bit),libxtables.so.10()(64bit)|s:ip,ss=iproute2/ s:arpd,bridge,ctstat,genl,ifstat,lnstat,nstat,rtacct,rtmon,tc %etc/iproute2/rt_tables
iptables 1.4.21-35.el7 x86_64 base 1540 432|GPLv2|Tools for managing Linux kernel packet filtering capabilities|libnfnetlink.so.0()(64bit),libnetfilter_conntrack.so.3()(64bit)|s:iptables=extra/iptables s:xtables-multi usr/sbin/ip6tables>xtables-multi L:libxtables.so.10/10.0.0 L:libip4tc.so.0/0.1.0
java-1.8.0-openjdk-headless 1:1.8.0.412.b08-1.el7_9 x86_64 updates 120800 33792|ASL 1.1 and ASL 2.0 and BSD and GPL+ and GPLv2|OpenJDK 8 Headless Runtime Environment||*usr/lib/jvm/java-1.8.0-openjdk-1.8.0.412.b08-1.el7_9.x86_64/jre/lib/rt.jar b:java,keytool
jemalloc 3.6.0-1.el7 x86_64 epel 317 105|BSD|General-purpose scalable concurrent malloc implementation||L:libjemalloc.so.1
jq 1.6-2.el7 x86_64 epel 385 167|MIT and ASL 2.0 and CC-BY and GPLv3|Command-line JSON processor|libonig.so.5()(64bit)|b:jq=jq/jq L:libjq.so.1/1.0.4
kernel-headers 3.10.0-1160.119.1.el7 x86_64 updates 3900 9421|GPLv2|Header files for the Linux kernel for use by glibc||usr/include/linux/version.h *usr/include/linux/ethtool.h
less 458-10.el7_9 x86_64 updates 216 121|GPLv3+|A text file browser similar to more, but better|groff-base|b:less=less/less b:lessecho,lesskey,lesspipe.sh %etc/profile.d/less.sh
libaio 0.3.109-13.el7 x86_64 base 38 24|LGPLv2+|Linux-native asynchronous I/O access library||L:libaio.so.1/1.0.1
libarchive 3.1.2-14.el7_7 x86_64 base 733 319|BSD|A library for handling streaming archive formats|liblzma.so.5()(64bit)|L:libarchive.so.13/13.1.2
libbrotli 1.0.9-10.el7 x86_64 epel 760 308|MIT|Library for brotli lossless compression algorithm||L:libbrotlicommon.so.1/1.0.9 L:libbrotlidec.so.1/1.0.9 L:libbrotlienc.so.1/1.0.9
libcurl-devel 7.29.0-59.el7_9.2 x86_64 updates 788 304|MIT|Files needed for building applications with libcurl|libcurl = 7.29.0-59.el7_9.2|b:curl-config usr/include/curl/curl.h
libedit 3.0-12.20121213cvs.el7 x86_64 base 247 92|BSD|The NetBSD Editline library|libtinfo.so.5()(64bit)|L:libedit.so.0/0.0.42
libevent 2.0.21-4.el7 x86_64 base 757 214|BSD|Abstract asynchronous event notification library||L:libevent-2.0.so.5/5.1.9
libgomp 4.8.5-44.el7 x86_64 base 210 159|GPLv3+ and GPLv3+ with exceptions and GPLv2+ with exceptions and LGPLv2+ and BSD|GCC OpenMP v3.0 shared support library||L:libgomp.so.1/1.0.0
libmnl 1.0.3-7.el7 x86_64 base 45 23|LGPLv2+|A minimalistic Netlink library||L:libmnl.so.0/0.1.0
libmpc 1.0.1-3.el7 x86_64 base 111 51|LGPLv3+ and GFDL|C library for multiple precision complex arithmetic|libmpfr.so.4()(64bit)|L:libmpc.so.3/3.0.0
libnetfilter_conntrack 1.0.6-1.el7_3 x86_64 base 164 55|GPLv2+|Netfilter conntrack userspace library|libmnl.so.0()(64bit),libnfnetlink.so.0()(64bit)|L:libnetfilter_conntrack.so.3/3.6.0
libnfnetlink 1.0.1-4.el7 x86_64 base 50 26|GPLv2+|Netfilter netlink userspace library||L:libnfnetlink.so.0/0.2.0
libpcap 14:1.5.3-13.el7_9 x86_64 updates 304 139|BSD with advertising|A system-independent interface for user-level packet capture||L:libpcap.so.1/1.5.3
libpng 2:1.5.13-8.el7 x86_64 base 593 213|zlib|A library of functions for manipulating PNG image format files|libz.so.1()(64bit)|L:libpng15.so.15/15.13.0
libss 1.42.9-19.el7 x86_64 base 76 47|MIT|Command line interface parsing library|libcom_err.so.2()(64bit)|L:libss.so.2/2.0
libstdc++-devel 4.8.5-44.el7 x86_64 base 9790 1538|GPLv3+ and GPLv3+ with exceptions and GPLv2+ with exceptions and LGPLv2+ and BSD|Header files and libraries for C++ development|libstdc++ = 4.8.5-44.el7|usr/include/c++/4.8.2/iostream usr/include/c++/4.8.2/vector *usr/include/c++/4.8.2/bits/stl_algo.h
libtirpc 0.2.4-0.16.el7 x86_64 base 178 89|SISSL and BSD|Transport Independent RPC Library|libgssapi_krb5.so.2()(64bit)|L:libtirpc.so.1/1.0.10 %etc/netconfig
libtool-ltdl 2.4.2-22.el7_3 x86_64 base 67 49|LGPLv2+|Runtime libraries for GNU Libtool Dynamic Module Loader||L:libltdl.so.7/7.3.0
libunwind 2:1.2-2.el7 x86_64 base 161 57|BSD|An unwinding library||L:libunwind.so.8/8.0.1
libuv 1:1.44.2-1.el7 x86_64 epel 347 145|MIT and BSD and ISC|Platform layer for node.js||L:libuv.so.1/1.0.0
lm_sensors-libs 3.4.0-8.20160601gitf9185e5.el7_9.1 x86_64 updates 72 42|LGPLv2+|Lm_sensors core libraries||L:libsensors.so.4/4.4.0 %etc/sensors3.conf
lrzsz 0.12.20-36.el7 x86_64 base 181 78|GPLv2+|The lrz and lsz modem communications programs||b:rb,rx,rz,sb,sx,sz
lsof 4.87-6.el7 x86_64 base 927 331|zlib and Sendmail and LGPLv2+|A utility which lists open files on a Linux/UNIX system||s:lsof
m4 1.4.16-10.el7 x86_64 base 514 256|GPLv3+|The GNU macro processor||b:m4
mailcap 2.1.41-2.el7 noarch base 62 31|Public Domain and MIT|Helper application and MIME type associations for file types||%etc/mailcap %etc/mime.types
make 1:3.82-24.el7 x86_64 base 1140 431|GPLv2+|A GNU tool which simplifies the build process for users||b:make usr/bin/gmake>make
man-db 2.6.3-11.el7 x86_64 base 1960 832|GPLv2+ and GPLv3+|Tools for searching and reading man pages|groff-base,less|b:apropos,man,whatis,manpath s:accessdb %etc/man_db.conf
mariadb 1:5.5.68-1.el7 x86_64 base 49150 9011|GPLv2 with exceptions and LGPLv2 and BSD|A community developed branch of MySQL|mariadb-libs(x86-64) = 1:5.5.68-1.el7,perl|b:mysql,mysqladmin,mysqldump,mysqlcheck,mysqlimport,mysqlshow
mariadb-libs 1:5.5.68-1.el7 x86_64 base 4520 778|GPLv2 with exceptions and LGPLv2 and BSD|The shared libraries required for MariaDB/MySQL clients||L:libmysqlclient.so.18/18.0.0 %etc/my.cnf
mariadb-server 1:5.5.68-1.el7 x86_64 base 60400 11264|GPLv2 with exceptions and LGPLv2 and BSD|The MariaDB server and related files|mariadb = 1:5.5.68-1.el7,libaio.so.1()(64bit),perl|b:mysql_install_db,mysql_secure_installation,mysqld_safe *usr/libexec/mysqld var/lib/mysql/ var/log/mariadb/
mlocate 0.26-8.el7 x86_64 base 379 113|GPLv2|An utility for finding files by name||b:locate,updatedb
mpfr 3.1.1-4.el7 x86_64 base 543 203|LGPLv3+ and GPLv3+ and GFDL|A C library for multiple-precision floating-point computations|libgmp.so.10()(64bit)|L:libmpfr.so.4/4.1.1
mod_ssl 1:2.4.6-99.el7.centos.1 x86_64 updates 224 116|ASL 2.0|SSL/TLS module for the Apache HTTP Server|httpd = 2.4.6-99.el7.centos.1,libssl.so.10()(64bit)|usr/lib64/httpd/modules/mod_ssl.so
nano 2.3.1-10.el7 x86_64 base 1664 440|GPLv3+|A small text editor|libncursesw.so.5()(64bit)|b:nano=nano usr/bin/rnano>nano %etc/nanorc
net-tools 2.0-0.25.20131004git.el7 x86_64 base 917 306|GPLv2+|Basic networking tools|libselinux.so.1()(64bit)|b:netstat=net-tools/ s:ifconfig,route,arp=net-tools/ s:ether-wake,ipmaddr,iptunnel,mii-diag,mii-tool,nameif,plipconfig,slattach
nginx 1:1.20.1-10.el7 x86_64 epel 1750 601|BSD|A high performance web server and reverse proxy server|nginx-filesystem = 1:1.20.1-10.el7,libcrypto.so.1.1(OPENSSL_1_1_0)(64bit),libssl.so.1.1(OPENSSL_1_1_0)(64bit),libssl.so.1.1(OPENSSL_1_1_1)(64bit),nginx-filesystem,openssl,redhat-indexhtml,system-logos,libcrypto.so.1.1()(64bit),libprofiler.so.0()(64bit),libssl.so.1.1()(64bit)|s:nginx=nginx b:nginx-upgrade %etc/logrotate.d/nginx %etc/nginx/fastcgi.conf %etc/nginx/fastcgi.conf.default %etc/nginx/fastcgi_params %etc/nginx/fastcgi_params.default %etc/nginx/koi-utf %etc/nginx/koi-win %etc/nginx/mime.types %etc/nginx/mime.types.default %etc/nginx/nginx.conf %etc/nginx/nginx.conf.default %etc/nginx/scgi_params %etc/nginx/scgi_params.default %etc/nginx/uwsgi_params %etc/nginx/uwsgi_params.default %etc/nginx/win-utf usr/lib/systemd/system/nginx.service usr/lib64/nginx/modules/ usr/share/nginx/html/404.html usr/share/nginx/html/50x.html usr/share/nginx/html/en-US>../../doc/HTML/en-US usr/share/nginx/html/icons/poweredby.png usr/share/nginx/html/img>../../doc/HTML/img usr/share/nginx/html/index.html>../../doc/HTML/index.html usr/share/nginx/html/nginx-logo.png usr/share/nginx/html/poweredby.png>nginx-logo.png var/lib/nginx/tmp/ var/log/nginx/|webserver
nginx-filesystem 1:1.20.1-10.el7 noarch epel 0 24|BSD|The basic directory layout for the Nginx server|shadow-utils|etc/nginx/ etc/nginx/conf.d/ etc/nginx/default.d/ usr/share/nginx/ usr/share/nginx/html/
nmap-ncat 2:6.40-19.el7 x86_64 base 423 206|GPLv2 with exceptions and LGPLv2 and BSD|Nmap's Netcat replacement|libpcap.so.1()(64bit)|b:ncat=netcat/nc usr/bin/nc>ncat|nc
nodejs 1:16.20.2-1.el7 x86_64 epel 290 96|MIT and Apache-2.0 and ISC and BSD|JavaScript runtime|nodejs-libs(x86-64) = 1:16.20.2-1.el7|b:node
nodejs-libs 1:16.20.2-1.el7 x86_64 epel 48500 13312|MIT and ASL 2.0 and ISC and BSD|Node.js and v8 libraries|libbrotlidec.so.1()(64bit),libuv.so.1()(64bit),libcrypto.so.1.1()(64bit)|L:libnode.so.93
npm 1:8.19.4-1.16.20.2.1.el7 x86_64 epel 8800 2252|MIT and ASL 2.0 and ISC and BSD|Node.js Package Manager|nodejs = 1:16.20.2-1.el7|b:npm,npx *usr/lib/node_modules/npm/package.json
ntp 4.2.6p5-29.el7.centos.2 x86_64 base 1410 562|(MIT and BSD and BSD with advertising) and GPLv2|The NTP daemon and utilities||s:ntpd,ntpdate %etc/ntp.conf
oniguruma 6.8.2-2.el7 x86_64 epel 550 181|BSD|Regular expressions library||L:libonig.so.5/5.0.0
openssh 7.4p1-23.el7_9 x86_64 updates 1950 513|BSD|An open source implementation of SSH protocol versions 1 and 2|libcrypto.so.10()(64bit)|b:ssh-keygen %etc/ssh/moduli *usr/libexec/openssh/ssh-keysign
openssh-clients 7.4p1-23.el7_9 x86_64 updates 2540 655|BSD|An open source SSH client applications|openssh = 7.4p1-23.el7_9,libedit.so.0()(64bit)|b:scp,sftp,ssh,ssh-add,ssh-agent,ssh-copy-id,ssh-keyscan,slogin %etc/ssh/ssh_config
openssh-server 7.4p1-23.el7_9 x86_64 updates 993 459|BSD|An open source SSH server daemon|openssh = 7.4p1-23.el7_9,libwrap.so.0()(64bit)|s:sshd,sshd-keygen %etc/ssh/sshd_config %etc/pam.d/sshd var/empty/sshd/
openssl 1:1.0.2k-26.el7_9 x86_64 updates 815 494|OpenSSL|Utilities from the general purpose cryptography library with TLS implementation|openssl-libs(x86-64) = 1:1.0.2k-26.el7_9,make|b:openssl etc/pki/CA/ etc/pki/tls/misc/
openssl-devel 1:1.0.2k-26.el7_9 x86_64 updates 3060 1536|OpenSSL|Files for development of applications which will use OpenSSL|openssl-libs(x86-64) = 1:1.0.2k-26.el7_9,zlib-devel(x86-64)|usr/include/openssl/ssl.h usr/include/openssl/evp.h usr/lib64/libssl.so>libssl.so.10
openssl11-libs 1:1.1.1k-7.el7 x86_64 epel 3970 1536|OpenSSL|A general purpose cryptography library with TLS implementation|ca-certificates >= 2008-5,libz.so.1()(64bit)|L:libcrypto.so.1.1/1.1.1k L:libssl.so.1.1/1.1.1k|libcrypto.so.1.1(OPENSSL_1_1_0)(64bit),libssl.so.1.1(OPENSSL_1_1_0)(64bit),libssl.so.1.1(OPENSSL_1_1_1)(64bit)
patch 2.7.1-12.el7_7 x86_64 base 214 111|GPLv3+|Utility for modifying/upgrading files||b:patch=patch/patch
pcre-devel 8.32-17.el7 x86_64 base 1470 480|BSD|Development files for pcre|pcre(x86-64) = 8.32-17.el7|b:pcre-config usr/include/pcre.h usr/include/pcrecpp.h
perl 4:5.16.3-299.el7_9 x86_64 updates 23020 8192|(GPL+ or Artistic) and (GPLv2+ or Artistic) and BSD and Public Domain and UCD|Practical Extraction and Report Language|perl-libs = 4:5.16.3-299.el7_9|b:perl,a2p,cpan,find2perl,h2xs,perldoc,pod2html,pod2man,prove,s2p,xsubpp usr/bin/perl5.16.3>perl *usr/share/perl5/perl5db.pl|perl(strict),perl(warnings)
perl-Error 1:0.17020-2.el7 noarch base 49 32|(GPL+ or Artistic) and MIT|Error/exception handling in an OO-ish way|perl|usr/share/perl5/vendor_perl/Error.pm|perl(Error)
perl-Git 1.8.3.1-25.el7_9 noarch updates 58 56|GPLv2|Perl interface to Git|git = 1.8.3.1-25.el7_9,perl(Error)|usr/share/perl5/vendor_perl/Git.pm|perl(Git)
perl-TermReadKey 2.30-20.el7 x86_64 base 59 31|(Copyright only) and (Artistic or GPL+)|A perl module for simple terminal control|perl|usr/lib64/perl5/vendor_perl/Term/ReadKey.pm|perl(Term::ReadKey)
perl-libs 4:5.16.3-299.el7_9 x86_64 updates 1610 705|(GPL+ or Artistic) and HSRL and MIT and UCD|The libraries for the perl runtime|perl|usr/lib64/perl5/CORE/libperl.so
php 5.4.16-48.el7 x86_64 base 4490 1434|PHP and Zend and BSD|PHP scripting language for creating dynamic web sites|httpd,php-common(x86-64) = 5.4.16-48.el7,php-cli(x86-64) = 5.4.16-48.el7|usr/lib64/httpd/modules/libphp5.so %etc/httpd/conf.d/php.conf
php-cli 5.4.16-48.el7 x86_64 base 8650 2867|PHP and Zend and BSD|Command-line interface for PHP|php-common(x86-64) = 5.4.16-48.el7|b:php,php-cgi,phpize
php-common 5.4.16-48.el7 x86_64 base 3960 579|PHP and BSD|Common files for PHP|libzip.so.2()(64bit)|%etc/php.ini usr/lib64/php/modules/json.so usr/lib64/php/modules/curl.so
libzip 0.10.1-8.el7 x86_64 base 104 48|BSD|C library for reading, creating, and modifying zip archives||L:libzip.so.2/2.1.0
postgresql 9.2.24-9.el7_9 x86_64 updates 16900 3106|PostgreSQL|PostgreSQL client programs|libpq.so.5()(64bit)|b:psql,createdb,createuser,dropdb,dropuser,pg_dump,pg_restore
postgresql-libs 9.2.24-9.el7_9 x86_64 updates 671 235|PostgreSQL|The shared libraries required for any PostgreSQL clients||L:libpq.so.5/5.5
psmisc 22.20-17.el7 x86_64 base 475 141|GPLv2+|Utilities for managing processes on your system||b:killall=psmisc/killall b:fuser,peekfd,prtstat,pstree
python-pip 20.3.4-3.el7 noarch epel 6100 1843|MIT and Python and ASL 2.0 and BSD and ISC and LGPLv2 and MPLv2.0|A tool for installing and managing Python packages|python(abi) = 2.7,python-setuptools|b:pip,pip2 *usr/lib/python2.7/site-packages/pip/__init__.py|python2-pip
python-setuptools 0.9.8-7.el7 noarch base 1950 397|Python or ZPLv2.0|Easily build and distribute Python packages|python(abi) = 2.7|b:easy_install *usr/lib/python2.7/site-packages/setuptools/__init__.py
python-devel 2.7.5-94.el7_9 x86_64 updates 1050 400|Python|The libraries and header files needed for Python development|python(x86-64) = 2.7.5-94.el7_9|b:python-config,python2-config usr/include/python2.7/Python.h
python3 3.6.8-21.el7_9 x86_64 updates 39 71|Python|Interpreter of the Python programming language|python3-libs(x86-64) = 3.6.8-21.el7_9,python3-setuptools,python3-pip,libpython3.6m.so.1.0()(64bit)|b:python3.6,python3.6m,pydoc3.6,pyvenv-3.6 usr/bin/python3>python3.6 usr/bin/pydoc3>pydoc3.6|python(abi) = 3.6
python3-libs 3.6.8-21.el7_9 x86_64 updates 35100 7168|Python|Python runtime libraries|libtirpc.so.1()(64bit),python(abi) = 3.6|L:libpython3.6m.so.1.0 usr/lib64/python3.6/os.py usr/lib64/python3.6/site.py *usr/lib64/python3.6/pydoc_data/topics.py
python3-pip 9.0.3-8.el7 noarch base 9110 1639|MIT and Python and ASL 2.0 and BSD and ISC and LGPLv2 and MPLv2.0|A tool for installing and managing Python3 packages|python(abi) = 3.6,python3-setuptools,/usr/bin/python3|b:pip3,pip3.6 *usr/lib/python3.6/site-packages/pip/__init__.py
python3-setuptools 39.2.0-10.el7 noarch base 3660 644|MIT|Easily build and distribute Python 3 packages|python(abi) = 3.6|b:easy_install-3,easy_install-3.6 *usr/lib/python3.6/site-packages/setuptools/__init__.py
python3-devel 3.6.8-21.el7_9 x86_64 updates 910 221|Python|Libraries and header files needed for Python development|python3 = 3.6.8-21.el7_9|b:python3-config usr/include/python3.6m/Python.h
readline-devel 6.2-11.el7 x86_64 base 204 139|GPLv3+|Files needed to develop programs which use the readline library|readline(x86-64) = 6.2-11.el7|usr/include/readline/readline.h
redis 3.2.12-2.el7 x86_64 epel 1390 544|BSD and MIT|A persistent key-value database|libjemalloc.so.1()(64bit)|b:redis-server=redis-server b:redis-cli=redis-cli b:redis-benchmark,redis-check-aof,redis-check-rdb usr/bin/redis-sentinel>redis-server %etc/redis.conf %etc/redis-sentinel.conf %etc/logrotate.d/redis usr/lib/systemd/system/redis.service var/lib/redis/ var/log/redis/
rsync 3.1.2-12.el7_9 x86_64 updates 837 408|GPLv3+|A program for synchronizing files over a network|libpopt.so.0()(64bit)|b:rsync %etc/rsyncd.conf
rsyslog 8.24.0-57.el7_9.3 x86_64 updates 2030 622|(GPLv3+ and ASL 2.0)|Enhanced system logging and kernel message trapping daemon|systemd|s:rsyslogd %etc/rsyslog.conf
ruby 2.0.0.648-39.el7_9 x86_64 updates 67 69|(Ruby or BSD) and Public Domain|An interpreter of object-oriented scripting language|ruby-libs(x86-64) = 2.0.0.648-39.el7_9|b:erb,ruby,testrb
ruby-libs 2.0.0.648-39.el7_9 x86_64 updates 12000 2867|Ruby or BSD|Libraries necessary to run Ruby||L:libruby.so.2.0/2.0.0
screen 4.1.0-0.27.20120314git3c2946.el7_9 x86_64 updates 914 552|GPLv2+|A screen manager that supports multiple logins on one terminal|libutempter|b:screen %etc/screenrc
socat 1.7.3.2-2.el7 x86_64 base 1100 290|GPLv2|Bidirectional data relay between two data channels|libreadline.so.6()(64bit)|b:socat,procan,filan
sos 3.9-5.el7.centos.11 noarch updates 2050 543|GPLv2+|A set of tools to gather troubleshooting information from a system|python|s:sosreport
strace 4.24-7.el7_9 x86_64 updates 1920 901|BSD|Tracks and displays system calls associated with a running process||b:strace,strace-log-merge
subversion 1.7.14-16.el7 x86_64 base 4800 1024|ASL 2.0|A Modern Concurrent Version Control System|libapr-1.so.0()(64bit)|b:svn,svnadmin,svnlook,svnserve
sudo 1.8.23-10.el7_9.3 x86_64 updates 3180 864|ISC|Allows restricted root access for specified users|pam,vim-minimal|b:sudo=extra/sudo b:sudoedit,sudoreplay,cvtsudoers s:visudo %etc/sudoers %etc/pam.d/sudo etc/sudoers.d/
supervisor 3.4.0-1.el7 noarch epel 2100 498|ZPLv2.1 and BSD and MIT|A System for Allowing the Control of Process State on UNIX|python-meld3 >= 0.6.5,python-setuptools|b:supervisorctl,supervisord,echo_supervisord_conf %etc/supervisord.conf etc/supervisord.d/
python-meld3 0.6.10-1.el7 x86_64 epel 266 73|ZPLv2.1|HTML/XML templating system for Python|python(abi) = 2.7|*usr/lib64/python2.7/site-packages/meld3/cmeld3.so
sysstat 10.1.5-20.el7_9 x86_64 updates 1180 316|GPLv2+|Collection of performance monitoring tools for Linux|libsensors.so.4()(64bit)|b:iostat,mpstat,pidstat,sadf,sar %etc/sysconfig/sysstat
sysvinit-tools 2.88-14.dsf.el7 x86_64 base 112 63|GPLv2+|Tools used for process and utmp management.||s:killall5 usr/sbin/pidof>killall5
tcl 1:8.5.13-8.el7 x86_64 base 4300 1946|TCL|Tool Command Language, pronounced tickle||L:libtcl8.5.so b:tclsh8.5 usr/bin/tclsh>tclsh8.5
tcp_wrappers-libs 7.6-77.el7 x86_64 base 129 66|BSD|Libraries for tcp_wrappers||L:libwrap.so.0/0.7.6
tcpdump 14:4.9.2-4.el7_7.1 x86_64 base 1060 422|BSD with advertising|A network traffic monitoring tool|libpcap.so.1()(64bit)|s:tcpdump,tcpslice
telnet 1:0.17-66.el7 x86_64 updates 113 64|BSD|The client program for the Telnet remote login protocol||b:telnet=extra/telnet
telnet-server 1:0.17-66.el7 x86_64 updates 57 41|BSD|The server program for the Telnet remote login protocol|systemd|s:in.telnetd
time 1.7-45.el7 x86_64 base 44 30|GPLv2+|A GNU utility for monitoring a program's use of system resources||b:time=time/time
tmux 1.8-4.el7 x86_64 base 560 243|ISC and BSD|A terminal multiplexer|libevent-2.0.so.5()(64bit)|b:tmux
traceroute 3:2.0.22-2.el7 x86_64 base 92 59|GPLv2+|Traces the route taken by packets over an IPv4/IPv6 network||b:traceroute usr/bin/traceroute6>traceroute s:tcptraceroute
tree 1.6.0-10.el7 x86_64 base 87 46|GPLv2+|File system tree viewer||b:tree=tree/tree
unzip 6.0-24.el7_9 x86_64 updates 373 172|BSD|A utility for unpacking zip files||b:funzip,unzip,unzipsfx,zipgrep,zipinfo
vim-common 2:7.4.629-8.el7_9 x86_64 updates 21960 6041|Vim|The common files needed by any version of the VIM editor|vim-filesystem|b:xxd=xxd/xxd %etc/vimrc *usr/share/vim/vim74/doc/tags
vim-enhanced 2:7.4.629-8.el7_9 x86_64 updates 2290 1126|Vim|A version of the VIM editor which includes recent enhancements|vim-common = 2:7.4.629-8.el7_9,which,perl,libgpm.so.2()(64bit),libperl.so()(64bit)|b:vim=vim b:vimtutor usr/bin/rvim>vim usr/bin/vimdiff>vim etc/profile.d/vim.sh
vim-filesystem 2:7.4.629-8.el7_9 x86_64 updates 0 11|Vim|VIM filesystem layout||usr/share/vim/vimfiles/
vsftpd 3.0.2-29.el7_9 x86_64 updates 356 173|GPLv2 with exceptions|Very Secure Ftp Daemon|libwrap.so.0()(64bit)|s:vsftpd %etc/vsftpd/vsftpd.conf var/ftp/pub/
wget 1.14-18.el7_6.1 x86_64 base 2018 547|GPLv3+|A utility for retrieving files using the HTTP or FTP protocols|libidn.so.11()(64bit)|b:wget=wget/wget %etc/wgetrc
which 2.20-7.el7 x86_64 base 75 41|GPLv3|Displays where a particular program in your path is located||b:which=debianutils/which etc/profile.d/which2.sh
words 3.0-22.el7 noarch base 5020 1434|Public Domain|A dictionary of English words for the /usr/share/dict directory||*usr/share/dict/linux.words usr/share/dict/words>linux.words
zip 3.0-11.el7 x86_64 base 796 260|BSD|A file compression and packaging utility compatible with PKZIP|unzip|b:zip,zipcloak,zipnote,zipsplit
zlib-devel 1.2.7-21.el7_9 x86_64 updates 132 50|zlib and Boost|Header files and libraries for Zlib development|zlib = 1.2.7-21.el7_9|usr/include/zlib.h usr/include/zconf.h|zlib-devel(x86-64)
fail2ban 0.11.2-3.el7 noarch epel 0 8|GPLv2+|Daemon to ban hosts that cause multiple authentication errors|python3|etc/fail2ban/
cowsay 3.04-4.el7 noarch epel 77 42|GPLv2+|Configurable speaking/thinking cow|perl|b:cowsay usr/bin/cowthink>cowsay
figlet 2.2.5-9.el7 x86_64 epel 1100 139|BSD|A program for making large letters out of ordinary text||b:figlet,chkfont,figlist,showfigfonts
sl 5.02-1.el7 x86_64 epel 30 14|Copyright only|Joke command for when you type 'sl' instead of 'ls'|libncurses.so.5()(64bit)|b:sl
stress 1.0.4-16.el7 x86_64 epel 94 39|GPLv2+|A tool to put given subsystems under a specified load||b:stress
bash-completion-extras 1:2.1-11.el7 noarch epel 87 29|GPLv2+|Additional programmable completions for Bash|bash-completion|usr/share/bash-completion/completions/docker
iftop 1.0-0.21.pre4.el7 x86_64 epel 98 52|GPLv2+|Command line tool that displays bandwidth usage on an interface|libpcap.so.1()(64bit)|s:iftop
nmap 2:6.40-19.el7 x86_64 base 16600 4096|GPLv2 with exceptions and LGPLv2 and BSD|Network exploration tool and security scanner|nmap-ncat = 2:6.40-19.el7|b:nmap,nping
p7zip 16.02-20.el7 x86_64 epel 2050 604|LGPLv2 and (LGPLv2+ or CPL)|Very high compression ratio file archiver||b:7za
screenfetch 3.9.1-1.el7 noarch epel 253 54|GPLv3+|Fetches system/theme information in terminal||b:screenfetch
yum-plugin-priorities 1.1.31-54.el7_8 noarch base 29 29|GPLv2+|plugin to give priorities to packages from different repos|yum >= 3.0|etc/yum/pluginconf.d/priorities.conf
createrepo 0.9.9-28.el7 noarch base 380 94|GPLv2|Creates a common metadata repository|python >= 2.1,libxml2-python|b:createrepo,mergerepo,modifyrepo
`;

/** What updates have newer versions of, of the packages in the image: names, then their version. */
export const imageUpdates = `
openssl-libs 1:1.0.2k-26.el7_9
curl libcurl 7.29.0-59.el7_9.2
glibc glibc-common 2.17-326.el7_9
bind-license 32:9.11.4-26.P2.el7_9.16
ca-certificates 2023.2.60_v7.0.306-72.el7_9
centos-release 7-9.2009.2.el7.centos
tzdata 2024a-1.el7
vim-minimal 2:7.4.629-8.el7_9
python python-libs 2.7.5-94.el7_9
expat 2.1.0-15.el7_9
systemd systemd-libs 219-78.el7_9.9
krb5-libs 1.15.1-55.el7_9
zlib 1.2.7-21.el7_9
xz xz-libs 5.2.2-2.el7_9
gzip 1.5-11.el7_9
rpm rpm-build-libs rpm-libs rpm-python 4.11.3-48.el7_9
openldap 2.4.44-25.el7_9
libxml2 libxml2-python 2.9.1-6.el7_9.6
cyrus-sasl-lib 2.1.26-24.el7_9
coreutils 8.22-24.el7_9.2
device-mapper device-mapper-libs 7:1.02.170-6.el7_9.5
util-linux libblkid libmount libsmartcols libuuid 2.23.2-65.el7_9.1
glib2 2.56.1-9.el7_9
binutils 2.27-44.base.el7_9.1
nspr 4.35.0-1.el7_9
nss nss-sysinit nss-tools 3.90.0-2.el7_9
nss-softokn nss-softokn-freebl 3.90.0-6.el7_9
nss-util 3.90.0-1.el7_9
kpartx 0.4.9-136.el7_9
`;
