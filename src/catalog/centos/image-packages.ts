/**
 * Facts of the packages that centos:centos7 (build 20201113) has installed, one line each; the form is explained in
 * `package-facts.ts`. Names, versions and licences are the image's own `rpm -qa`; sizes are near.
 */
export const imagePackages = `
acl 2.2.51-15.el7 x86_64 base 196 81|GPLv2+|Access control list utilities||b:chacl,getfacl,setfacl
audit-libs 2.8.5-4.el7 x86_64 base 256 102|LGPLv2+|Dynamic library for libaudit||L:libaudit.so.1/1.0.0 L:libauparse.so.0/0.0.0 %etc/libaudit.conf
basesystem 10.0-7.el7.centos noarch base 0 5|Public Domain|The skeleton package which defines a simple CentOS Linux system|setup,filesystem|
bash 4.2.46-34.el7 x86_64 base 3582 1036|GPLv3+|The GNU Bourne Again shell|libc.so.6()(64bit),libtinfo.so.5()(64bit),filesystem >= 3|b:bash=bash usr/bin/sh>bash b:alias,bg,cd,command,fc,fg,getopts,jobs,read,umask,unalias,wait %etc/skel/.bash_logout %etc/skel/.bash_profile %etc/skel/.bashrc|/bin/sh,/bin/bash
bc 1.06.95-13.el7 x86_64 base 214 115|GPLv2+|GNU's bc (a numeric processing language) and dc (a calculator)|libreadline.so.6()(64bit)|b:bc,dc
bind-license 32:9.11.4-26.P2.el7 noarch base 26 90|MPLv2.0|License of the BIND DNS suite||
binutils 2.27-44.base.el7 x86_64 base 24750 5836|GPLv3+|A GNU collection of binary utilities|libz.so.1()(64bit)|b:strings=binutils/ b:addr2line,ar,as,c++filt,dwp,elfedit,gprof,ld,nm,objcopy,objdump,ranlib,readelf,size,strip L:libbfd-2.27-44.base.el7.so L:libopcodes-2.27-44.base.el7.so
bzip2-libs 1.0.6-13.el7 x86_64 base 67 40|BSD|Libraries for applications using bzip2||L:libbz2.so.1/1.0.6
ca-certificates 2020.2.41-70.0.el7_8 noarch base 972 382|Public Domain|The Mozilla CA root certificate bundle||b:ca-legacy,update-ca-trust etc/pki/tls/certs/ca-bundle.crt>/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem *etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem
centos-release 7-9.2009.0.el7.centos x86_64 base 44 27|GPLv2|CentOS Linux release file||%etc/os-release %etc/centos-release etc/redhat-release>centos-release etc/system-release>centos-release %etc/issue %etc/issue.net etc/centos-release-upstream etc/system-release-cpe etc/pki/rpm-gpg/RPM-GPG-KEY-CentOS-7 %etc/yum.repos.d/CentOS-Base.repo %etc/yum.repos.d/CentOS-CR.repo %etc/yum.repos.d/CentOS-Debuginfo.repo %etc/yum.repos.d/CentOS-Media.repo %etc/yum.repos.d/CentOS-Sources.repo %etc/yum.repos.d/CentOS-Vault.repo %etc/yum.repos.d/CentOS-fasttrack.repo %etc/yum.repos.d/CentOS-x86_64-kernel.repo %etc/yum/vars/contentdir|redhat-release,system-release
chkconfig 1.7.6-1.el7 x86_64 base 776 182|GPLv2|A system tool for maintaining the /etc/rc*.d hierarchy|libpopt.so.0()(64bit)|s:alternatives,chkconfig etc/alternatives/ var/lib/alternatives/ etc/init.d>rc.d/init.d etc/rc.d/init.d/
coreutils 8.22-24.el7 x86_64 base 14246 3392|GPLv3+|A set of basic GNU tools commonly used in shell scripts|libacl.so.1()(64bit),libattr.so.1()(64bit),libcap.so.2()(64bit),libcrypto.so.10()(64bit),libselinux.so.1()(64bit),ncurses|b:chmod,chown,chgrp,touch,truncate,mkdir,rmdir,mktemp,ln,realpath,readlink,basename,dirname,pwd,link,unlink,md5sum,sha1sum,sha256sum,sha512sum,base64,df,true,false,sleep,env,printenv,yes,whoami,uname,arch,nproc,tty,sync,id,groups,date,cksum,sum,fmt,pr,mkfifo,mknod,factor,shuf,tsort,numfmt,tac,fold,comm,join,split,csplit,who,users,expand,unexpand,test,[,timeout,nohup,nice,cat,cp,cut,dd,du,echo,expr,head,install,ls,mv,nl,od,paste,printf,rm,seq,sort,stat,stty,tail,tee,tr,uniq,wc=coreutils/ s:chroot=coreutils/ b:chcon,dir,dircolors,hostid,logname,pathchk,pinky,ptx,runcon,sha224sum,sha384sum,shred,stdbuf,vdir %etc/DIR_COLORS %etc/profile.d/colorls.sh
cpio 2.11-28.el7 x86_64 base 671 211|GPLv3+|A GNU archiving program||b:cpio
cracklib 2.9.0-11.el7 x86_64 base 190 80|LGPLv2+|A password-checking library||L:libcrack.so.2/2.9.0
cracklib-dicts 2.9.0-11.el7 x86_64 base 9390 3687|LGPLv2+|The standard CrackLib dictionaries|cracklib = 2.9.0-11.el7|s:cracklib-check,cracklib-format,cracklib-packer,cracklib-unpacker *usr/share/cracklib/pw_dict.pwd
cryptsetup-libs 2.0.3-6.el7 x86_64 base 1238 339|GPLv2+ and LGPLv2+|Cryptsetup shared library|libdevmapper.so.1.02()(64bit)|L:libcryptsetup.so.12/12.3.0
curl 7.29.0-59.el7 x86_64 base 527 271|MIT|A utility for getting files from remote servers (FTP, HTTP, and others)|libcurl.so.4()(64bit),libcurl >= 7.29.0|b:curl=curl/
cyrus-sasl-lib 2.1.26-23.el7 x86_64 base 386 155|BSD with advertising|Shared libraries needed by applications which use Cyrus SASL|libdb-5.3.so()(64bit)|L:libsasl2.so.3/3.0.0
dbus 1:1.10.24-15.el7 x86_64 base 595 245|(GPLv2+ or AFL) and GPLv2+|D-BUS message bus|libdbus-1.so.3()(64bit),libexpat.so.1()(64bit)|b:dbus-cleanup-sockets,dbus-daemon,dbus-monitor,dbus-run-session,dbus-send,dbus-test-tool,dbus-update-activation-environment,dbus-uuidgen %etc/dbus-1/system.conf %etc/dbus-1/session.conf
dbus-glib 0.100-7.el7 x86_64 base 296 103|AFL and GPLv2+|GLib bindings for D-Bus|libglib-2.0.so.0()(64bit)|L:libdbus-glib-1.so.2/2.2.2
dbus-libs 1:1.10.24-15.el7 x86_64 base 370 169|(GPLv2+ or AFL) and GPLv2+|Libraries for accessing D-BUS||L:libdbus-1.so.3/3.14.14
dbus-python 1.1.1-9.el7 x86_64 base 766 210|MIT|D-Bus Python Bindings|python(abi) = 2.7|*usr/lib64/python2.7/site-packages/_dbus_bindings.so
device-mapper 7:1.02.170-6.el7 x86_64 base 341 297|GPLv2|Device mapper utility|libdevmapper.so.1.02()(64bit)|s:dmsetup,dmstats,blkdeactivate
device-mapper-libs 7:1.02.170-6.el7 x86_64 base 402 325|LGPLv2|Device-mapper shared library||L:libdevmapper.so.1.02 L:libdevmapper-event.so.1.02
diffutils 3.3-5.el7 x86_64 base 1010 322|GPLv3+|A GNU collection of diff utilities||b:cmp,diff=diffutils/ b:diff3,sdiff
dracut 033-572.el7 x86_64 base 908 330|GPLv2+ and LGPLv2+|Initramfs generator using udev|bash >= 4,kmod,systemd|b:lsinitrd s:dracut %etc/dracut.conf
elfutils-default-yama-scope 0.176-5.el7 noarch base 2 33|GPLv2+ or LGPLv3+|Default yama attach scope sysctl setting||usr/lib/sysctl.d/10-default-yama-scope.conf
elfutils-libelf 0.176-5.el7 x86_64 base 925 195|GPLv2+ or LGPLv3+|Library to read and write ELF files||L:libelf.so.1 L:libelf-0.176.so
elfutils-libs 0.176-5.el7 x86_64 base 844 291|GPLv2+ or LGPLv3+|Libraries to handle compiled objects|libelf.so.1()(64bit)|L:libdw.so.1 L:libasm.so.1
expat 2.1.0-12.el7 x86_64 base 203 81|MIT|An XML parser library||L:libexpat.so.1/1.6.0 b:xmlwf
file-libs 5.11-37.el7 x86_64 base 2556 340|BSD|Libraries for applications using libmagic||L:libmagic.so.1/1.0.0 *usr/share/misc/magic.mgc
filesystem 3.2-25.el7 x86_64 base 0 1037|Public Domain|The basic directory layout for a Linux system|setup >= 2.5.4-1|
findutils 1:4.5.11-6.el7 x86_64 base 1812 559|GPLv3+|The GNU versions of find utilities (find and xargs)|libselinux.so.1()(64bit)|b:find,xargs=findutils/ b:oldfind
gawk 4.0.2-4.el7_3.1 x86_64 base 2373 874|GPLv3+ and GPL and LGPLv3+ and LGPL and BSD|The GNU version of the AWK text processing utility||b:gawk=mawk/awk usr/bin/awk>gawk b:dgawk,igawk,pgawk|/bin/awk
gdbm 1.10-8.el7 x86_64 base 166 70|GPLv3+|A GNU set of database routines which use extensible hashing||L:libgdbm.so.4/4.0.0
geoipupdate 2.5.0-1.el7 x86_64 base 53 35|GPLv2|Update GeoIP2 and GeoIP Legacy binary databases|libcurl.so.4()(64bit)|b:geoipupdate %etc/GeoIP.conf
glib2 2.56.1-7.el7 x86_64 base 11939 2561|LGPLv2+|A library of handy utility functions|libpcre.so.1()(64bit),libffi.so.6()(64bit)|L:libglib-2.0.so.0/0.5600.1 L:libgio-2.0.so.0/0.5600.1 L:libgobject-2.0.so.0/0.5600.1 L:libgmodule-2.0.so.0/0.5600.1 L:libgthread-2.0.so.0/0.5600.1 b:gapplication,gdbus,gio,gsettings
glibc 2.17-317.el7 x86_64 base 13910 3686|LGPLv2+ and LGPLv2+ with exceptions and GPLv2+|The GNU libc libraries|glibc-common = 2.17-317.el7|L:libc.so.6 L:libm.so.6 L:libpthread.so.0 L:libdl.so.2 L:librt.so.1 L:libresolv.so.2 L:libnsl.so.1 L:libutil.so.1 L:libcrypt.so.1 L:libnss_files.so.2 L:libnss_dns.so.2 L:ld-linux-x86-64.so.2 s:ldconfig,iconvconfig.x86_64 %etc/ld.so.conf %etc/nsswitch.conf %etc/rpc|ldconfig
glibc-common 2.17-317.el7 x86_64 base 9800 11891|LGPLv2+ and LGPLv2+ with exceptions and GPLv2+|Common binaries and locale data for glibc|glibc = 2.17-317.el7,tzdata >= 2003a|b:getconf,getent=libc-bin/ b:catchsegv,gencat,iconv,ldd,locale,localedef,pldd,rpcgen,sprof,tzselect s:build-locale-archive *usr/lib/locale/locale-archive
gmp 1:6.0.0-15.el7 x86_64 base 655 281|LGPLv3+ or GPLv2+|A GNU arbitrary precision library||L:libgmp.so.10/10.2.0
gnupg2 2.0.22-5.el7_5 x86_64 base 6273 1558|GPLv3+|Utility for secure communication and data storage|libgcrypt.so.11()(64bit),pinentry|b:gpg,gpg-agent,gpg-connect-agent,gpg2,gpgconf,gpgparsemail,gpgsplit,gpgv,gpgv2,gpg-zip,watchgnupg
gobject-introspection 1.56.1-1.el7 x86_64 base 863 241|GPLv2+, LGPLv2+, MIT|Introspection system for GObject-based libraries|libglib-2.0.so.0()(64bit)|L:libgirepository-1.0.so.1/1.0.0
gpgme 1.3.2-5.el7 x86_64 base 462 148|LGPLv2+|GnuPG Made Easy - high level crypto API|gnupg2|L:libgpgme.so.11/11.8.2 L:libgpgme-pthread.so.11/11.8.2
grep 2.20-3.el7 x86_64 base 1169 344|GPLv3+|Pattern matching utilities|libpcre.so.1()(64bit)|b:grep,egrep,fgrep=grep/ %etc/GREP_COLORS %etc/profile.d/colorgrep.sh
gzip 1.5-10.el7 x86_64 base 251 129|GPLv3+ and GFDL|The GNU data compression program||b:gzip,gunzip,zcat=gzip/ b:gzexe,zcmp,zdiff,zegrep,zfgrep,zforce,zgrep,zless,zmore,znew
hardlink 1:1.0-19.el7 x86_64 base 16 14|GPL+|Create a tree of hardlinks||s:hardlink
hostname 3.13-3.el7_7.1 x86_64 base 18 17|GPLv2+|Utility to set/show the host name or domain name||b:hostname=hostname/hostname b:dnsdomainname,domainname,nisdomainname,ypdomainname
info 5.1-5.el7 x86_64 base 474 233|GPLv3+|A stand-alone TTY-based reader for GNU texinfo documentation||b:info,infokey s:install-info
iputils 20160308-10.el7 x86_64 base 334 148|BSD and GPLv2+|Network monitoring tools including ping|libcap.so.2()(64bit),libidn.so.11()(64bit)|b:ping=iputils/ping usr/sbin/ping>../bin/ping b:tracepath s:arping,clockdiff,ifenslave,rdisc usr/bin/ping6>ping
json-c 0.11-4.el7_0 x86_64 base 64 31|MIT|A JSON implementation in C||L:libjson-c.so.2/2.0.1
keyutils-libs 1.5.8-3.el7 x86_64 base 42 25|GPLv2+ and LGPLv2+|Key utilities library||L:libkeyutils.so.1/1.5
kmod 20-28.el7 x86_64 base 238 123|GPLv2+|Linux kernel module management utilities|libkmod.so.2()(64bit)|b:kmod usr/sbin/lsmod>../bin/kmod usr/sbin/modprobe>../bin/kmod usr/sbin/insmod>../bin/kmod usr/sbin/rmmod>../bin/kmod usr/sbin/modinfo>../bin/kmod usr/sbin/depmod>../bin/kmod
kmod-libs 20-28.el7 x86_64 base 89 51|LGPLv2+|Libraries to handle kernel module loading and unloading||L:libkmod.so.2/2.2.10
kpartx 0.4.9-133.el7 x86_64 base 41 80|GPL+|Partition device manager for device-mapper devices||s:kpartx
krb5-libs 1.15.1-50.el7 x86_64 base 2146 809|MIT|The non-admin shared libraries used by Kerberos 5|libcom_err.so.2()(64bit),libkeyutils.so.1()(64bit)|L:libgssapi_krb5.so.2/2.2 L:libkrb5.so.3/3.3 L:libk5crypto.so.3/3.1 L:libkrb5support.so.0/0.1 %etc/krb5.conf
libacl 2.2.51-15.el7 x86_64 base 37 27|LGPLv2+|Dynamic library for access control list support|libattr.so.1()(64bit)|L:libacl.so.1/1.1.0
libassuan 2.1.0-3.el7 x86_64 base 156 63|LGPLv2+ and GPLv3+|GnuPG IPC library||L:libassuan.so.0/0.4.0
libattr 2.4.46-13.el7 x86_64 base 20 18|LGPLv2+|Dynamic library for extended attribute support||L:libattr.so.1/1.1.0
libblkid 2.23.2-65.el7 x86_64 base 342 183|LGPLv2+|Block device ID library|libuuid = 2.23.2-65.el7|L:libblkid.so.1/1.1.0
libcap 2.22-11.el7 x86_64 base 112 47|LGPLv2+|Library for getting and setting POSIX.1e capabilities||L:libcap.so.2/2.22 s:capsh,getcap,getpcaps,setcap
libcap-ng 0.7.5-4.el7 x86_64 base 50 25|LGPLv2+|An alternate posix capabilities library||L:libcap-ng.so.0/0.0.0
libcom_err 1.42.9-19.el7 x86_64 base 60 42|MIT|Common error description library||L:libcom_err.so.2/2.1
libcurl 7.29.0-59.el7 x86_64 base 435 223|MIT|A library for getting files from web servers|libssh2.so.1()(64bit),libidn.so.11()(64bit),libldap-2.4.so.2()(64bit),libnss3.so()(64bit)|L:libcurl.so.4/4.3.0
libdb 5.3.21-25.el7 x86_64 base 1839 720|BSD and LGPLv2 and Sleepycat|The Berkeley DB database library for C||L:libdb-5.3.so
libdb-utils 5.3.21-25.el7 x86_64 base 322 132|BSD and LGPLv2 and Sleepycat|Command line tools for managing Berkeley DB databases|libdb-5.3.so()(64bit)|b:db_archive,db_checkpoint,db_deadlock,db_dump,db_dump185,db_hotbackup,db_load,db_log_verify,db_printlog,db_recover,db_replicate,db_stat,db_tuner,db_upgrade,db_verify
libffi 3.0.13-19.el7 x86_64 base 47 30|MIT and Public Domain|A portable foreign function interface library||L:libffi.so.6/6.0.1
libgcc 4.8.5-44.el7 x86_64 base 178 103|GPLv3+ and GPLv3+ with exceptions and GPLv2+ with exceptions and LGPLv2+ and BSD|GCC version 4.8 shared support library||L:libgcc_s.so.1 L:libgcc_s-4.8.5-20150702.so.1
libgcrypt 1.5.3-14.el7 x86_64 base 578 263|LGPLv2+|A general-purpose cryptography library|libgpg-error.so.0()(64bit)|L:libgcrypt.so.11/11.8.2
libgpg-error 1.12-3.el7 x86_64 base 364 87|LGPLv2+|Library for error values used by GnuPG components||L:libgpg-error.so.0/0.10.0
libidn 1.28-4.el7 x86_64 base 689 209|LGPLv2+ and GPLv3+ and GFDL|Internationalized Domain Name support library||L:libidn.so.11/11.6.11 b:idn
libmount 2.23.2-65.el7 x86_64 base 345 185|LGPLv2+|Device mounting library|libblkid = 2.23.2-65.el7,libuuid = 2.23.2-65.el7|L:libmount.so.1/1.1.0
libpwquality 1.2.3-5.el7 x86_64 base 332 85|BSD or GPLv2+|A library for password generation and password quality checking|libcrack.so.2()(64bit)|L:libpwquality.so.1/1.0.2 b:pwmake,pwscore %etc/security/pwquality.conf
libselinux 2.5-15.el7 x86_64 base 212 162|Public Domain|SELinux library and simple utilities|libpcre.so.1()(64bit)|L:libselinux.so.1
libsemanage 2.5-14.el7 x86_64 base 302 151|LGPLv2+|SELinux binary policy manipulation library|libselinux.so.1()(64bit)|L:libsemanage.so.1 %etc/selinux/semanage.conf
libsepol 2.5-10.el7 x86_64 base 671 297|LGPLv2+|SELinux binary policy manipulation library||L:libsepol.so.1
libsmartcols 2.23.2-65.el7 x86_64 base 147 142|LGPLv2+|Formatting library for ls-like programs||L:libsmartcols.so.1/1.1.0
libssh2 1.8.0-4.el7 x86_64 base 201 88|BSD|A library implementing the SSH2 protocol|libcrypto.so.10()(64bit)|L:libssh2.so.1/1.0.1
libstdc++ 4.8.5-44.el7 x86_64 base 1012 306|GPLv3+ and GPLv3+ with exceptions and GPLv2+ with exceptions and LGPLv2+ and BSD|GNU Standard C++ Library|libgcc_s.so.1()(64bit)|L:libstdc++.so.6/6.0.19
libtasn1 4.10-1.el7 x86_64 base 404 320|GPLv3+ and LGPLv2+|The ASN.1 library used in GNUTLS||L:libtasn1.so.6/6.5.3
libuser 0.60-9.el7 x86_64 base 1951 400|LGPLv2+|A user and group account administration library|libglib-2.0.so.0()(64bit)|L:libuser.so.1/1.4.5 s:lchage,lgroupadd,lgroupdel,lgroupmod,lid,lnewusers,lpasswd,luseradd,luserdel,lusermod %etc/libuser.conf
libutempter 1.1.6-4.el7 x86_64 base 50 25|LGPLv2+|A privileged helper for utmp/wtmp updates||L:libutempter.so.0/1.1.6
libuuid 2.23.2-65.el7 x86_64 base 20 84|BSD|Universally unique ID library||L:libuuid.so.1/1.3.0
libverto 0.2.5-4.el7 x86_64 base 25 16|MIT|Main loop abstraction library||L:libverto.so.1/1.0.0
libxml2 2.9.1-6.el7.5 x86_64 base 1678 668|MIT|Library providing XML and HTML support|libz.so.1()(64bit),liblzma.so.5()(64bit)|L:libxml2.so.2/2.9.1 b:xmlcatalog,xmllint
libxml2-python 2.9.1-6.el7.5 x86_64 base 1390 247|MIT|Python bindings for the libxml2 library|libxml2 = 2.9.1-6.el7.5|*usr/lib64/python2.7/site-packages/libxml2mod.so
lua 5.1.4-15.el7 x86_64 base 621 201|MIT|Powerful light-weight programming language||L:liblua-5.1.so b:lua,luac
lz4 1.8.3-1.el7 x86_64 base 255 85|GPLv2+ and BSD|Extremely fast compression algorithm||L:liblz4.so.1/1.8.3 b:lz4,lz4c,lz4cat,unlz4
ncurses 5.9-14.20130511.el7_4 x86_64 base 438 304|MIT|Ncurses support utilities|libtinfo.so.5()(64bit)|b:clear,reset,tput=ncurses/ b:captoinfo,infocmp,infotocap,tabs,tic,toe,tset
ncurses-base 5.9-14.20130511.el7_4 noarch base 223 68|MIT|Descriptions of common terminals||usr/share/terminfo/l/linux usr/share/terminfo/x/xterm usr/share/terminfo/x/xterm-256color usr/share/terminfo/s/screen usr/share/terminfo/v/vt100 usr/share/terminfo/d/dumb usr/share/terminfo/a/ansi
ncurses-libs 5.9-14.20130511.el7_4 x86_64 base 992 316|MIT|Ncurses libraries|ncurses-base = 5.9-14.20130511.el7_4|L:libncurses.so.5/5.9 L:libncursesw.so.5/5.9 L:libtinfo.so.5/5.9 L:libform.so.5/5.9 L:libmenu.so.5/5.9 L:libpanel.so.5/5.9
nspr 4.25.0-2.el7_9 x86_64 updates 278 127|MPLv2.0|Netscape Portable Runtime||L:libnspr4.so L:libplc4.so L:libplds4.so
nss 3.53.1-3.el7_9 x86_64 updates 2382 869|MPLv2.0|Network Security Services|libnspr4.so()(64bit),nss-softokn|L:libnss3.so L:libnssckbi.so L:libsmime3.so L:libssl3.so
nss-pem 1.0.3-7.el7 x86_64 base 200 74|MPLv1.1|PEM file reader for Network Security Services (NSS)||L:libnsspem.so
nss-softokn 3.53.1-6.el7_9 x86_64 updates 1196 354|MPLv2.0|Network Security Services Softoken Module||L:libsoftokn3.so L:libnssdbm3.so
nss-softokn-freebl 3.53.1-6.el7_9 x86_64 updates 845 322|MPLv2.0|Freebl library for the Network Security Services||L:libfreebl3.so L:libfreeblpriv3.so
nss-sysinit 3.53.1-3.el7_9 x86_64 updates 14 65|MPLv2.0|System NSS Initialization||L:libnsssysinit.so b:setup-nsssysinit.sh
nss-tools 3.53.1-3.el7_9 x86_64 updates 2032 535|MPLv2.0|Tools for the Network Security Services|nss|b:certutil,cmsutil,crlutil,modutil,pk12util,signver,ssltap
nss-util 3.53.1-1.el7_9 x86_64 updates 203 79|MPLv2.0|Network Security Services Utilities Library||L:libnssutil3.so
openldap 2.4.44-22.el7 x86_64 base 1003 356|OpenLDAP|LDAP support libraries|libsasl2.so.3()(64bit)|L:libldap-2.4.so.2/2.10.7 L:liblber-2.4.so.2/2.10.7 %etc/openldap/ldap.conf
openssl-libs 1:1.0.2k-19.el7 x86_64 base 3130 1229|OpenSSL|A general purpose cryptography library with TLS implementation|ca-certificates >= 2008-5,libz.so.1()(64bit)|L:libcrypto.so.10/1.0.2k L:libssl.so.10/1.0.2k %etc/pki/tls/openssl.cnf|openssl-libs(x86-64) = 1:1.0.2k-19.el7
p11-kit 0.23.5-3.el7 x86_64 base 1307 252|BSD|Library for loading and sharing PKCS#11 modules|libtasn1.so.6()(64bit)|L:libp11-kit.so.0/0.3.0 b:p11-kit
p11-kit-trust 0.23.5-3.el7 x86_64 base 363 129|BSD|System trust module from p11-kit|libp11-kit.so.0()(64bit)|b:trust usr/lib64/pkcs11/p11-kit-trust.so
pam 1.1.8-23.el7 x86_64 base 2467 720|BSD and GPLv2+|An extensible library which provides authentication for applications|libcrack.so.2()(64bit),libpwquality >= 0.9.9|L:libpam.so.0/0.83.1 L:libpam_misc.so.0/0.82.0 L:libpamc.so.0/0.82.1 s:pam_console_apply,pam_tally2,pam_timestamp_check,unix_chkpwd,unix_update,faillock %etc/pam.d/other %etc/security/limits.conf %etc/security/access.conf
passwd 0.79-6.el7 x86_64 base 408 106|BSD or GPL+|An utility for setting or changing passwords using PAM|libuser.so.1()(64bit),pam >= 1.0.90|b:passwd=passwd/passwd %etc/pam.d/passwd
pcre 8.32-17.el7 x86_64 base 1400 422|BSD|Perl-compatible regular expression library||L:libpcre.so.1/1.2.0 L:libpcreposix.so.0/0.0.1 L:libpcrecpp.so.0/0.0.0
pinentry 0.8.1-17.el7 x86_64 base 154 73|GPLv2+|Collection of simple PIN or passphrase entry dialogs||b:pinentry,pinentry-curses
pkgconfig 1:0.27.1-4.el7 x86_64 base 100 54|GPLv2+|A tool for determining compilation options||b:pkg-config
popt 1.13-16.el7 x86_64 base 88 42|MIT|C library for parsing command line parameters||L:libpopt.so.0/0.0.0
procps-ng 3.3.10-28.el7 x86_64 base 747 291|GPL+ and GPLv2 and GPLv2+ and GPLv3+ and LGPLv2+|System and process monitoring utilities|libsystemd.so.0()(64bit)|b:free,uptime,watch,kill,pidof,pgrep,pkill,ps,top=procps/ b:pmap,pwdx,skill,slabtop,snice,tload,vmstat,w s:sysctl L:libprocps.so.4/4.0.0 %etc/sysctl.conf
pth 2.0.7-23.el7 x86_64 base 261 89|LGPLv2+|The GNU Portable Threads library||L:libpth.so.20/20.0.27
pygpgme 0.3-9.el7 x86_64 base 183 63|LGPLv2+|Python module for working with OpenPGP messages|python(abi) = 2.7|*usr/lib64/python2.7/site-packages/gpgme/_gpgme.so
pyliblzma 0.5.3-11.el7 x86_64 base 184 47|LGPLv3+|Python bindings for lzma|python(abi) = 2.7|*usr/lib64/python2.7/site-packages/lzma.so
python 2.7.5-89.el7 x86_64 base 77 96|Python|An interpreted, interactive, object-oriented programming language|python-libs = 2.7.5-89.el7|b:python2.7,pydoc usr/bin/python>python2 usr/bin/python2>python2.7|python(abi) = 2.7,python2
python-chardet 2.2.1-3.el7 noarch base 1100 227|LGPLv2|Character encoding auto-detection in Python|python(abi) = 2.7|b:chardetect *usr/lib/python2.7/site-packages/chardet/langbulgarianmodel.pyc
python-gobject-base 3.22.0-1.el7_4.1 x86_64 base 1060 294|LGPLv2+ and MIT|Python 2 bindings for GObject Introspection base package|python(abi) = 2.7|*usr/lib64/python2.7/site-packages/gi/_gi.so
python-iniparse 0.4-9.el7 noarch base 113 39|MIT|Python Module for Accessing and Modifying Configuration Data in INI files|python(abi) = 2.7|*usr/lib/python2.7/site-packages/iniparse/ini.py
python-kitchen 1.1.1-5.el7 noarch base 1390 267|LGPLv2+|Small, useful pieces of code to make python coding easier|python(abi) = 2.7|*usr/lib/python2.7/site-packages/kitchen/text/display.py
python-libs 2.7.5-89.el7 x86_64 base 24130 5737|Python|Runtime libraries for Python|libssl.so.10()(64bit),libffi.so.6()(64bit),libsqlite3.so.0()(64bit)|L:libpython2.7.so.1.0 usr/lib64/python2.7/os.py usr/lib64/python2.7/site.py usr/lib64/python2.7/json/__init__.py usr/lib64/python2.7/logging/__init__.py usr/lib64/python2.7/lib-dynload/_ssl.so usr/lib64/python2.7/lib-dynload/_socketmodule.so usr/lib64/python2.7/lib-dynload/_sqlite3.so *usr/lib64/python2.7/pydoc_data/topics.pyc
python-pycurl 7.19.0-19.el7 x86_64 base 241 80|LGPLv2+ or MIT|A Python interface to libcurl|python(abi) = 2.7|*usr/lib64/python2.7/site-packages/pycurl.so
python-urlgrabber 3.10-10.el7 noarch base 491 108|LGPLv2+|A high-level cross-protocol url-grabber|python-pycurl|b:urlgrabber *usr/lib/python2.7/site-packages/urlgrabber/grabber.py
pyxattr 0.5.1-5.el7 x86_64 base 65 28|LGPLv2+|Extended attributes library wrapper for Python|python(abi) = 2.7|*usr/lib64/python2.7/site-packages/xattr.so
qrencode-libs 3.4.1-3.el7 x86_64 base 126 50|LGPLv2+|QR Code encoding library - Shared libraries||L:libqrencode.so.3/3.4.1
readline 6.2-11.el7 x86_64 base 460 193|GPLv3+|A library for editing typed command lines|libtinfo.so.5()(64bit)|L:libreadline.so.6/6.2 L:libhistory.so.6/6.2
rootfiles 8.1-11.el7 noarch base 1 7|Public Domain|The basic required files for the root user's directory||%root/.bash_logout %root/.bash_profile %root/.bashrc %root/.cshrc %root/.tcshrc
rpm 4.11.3-45.el7 x86_64 base 2574 1229|GPLv2+|The RPM package management system|librpm.so.3()(64bit),popt >= 1.10.2.1,curl|b:rpm=rpm b:rpm2cpio s:rpmdb,rpmkeys *usr/lib/rpm/rpmrc var/lib/rpm/
rpm-build-libs 4.11.3-45.el7 x86_64 base 171 107|GPLv2+ and LGPLv2+ with exceptions|Libraries for building and signing RPM packages|rpm-libs = 4.11.3-45.el7|L:librpmbuild.so.3/3.2.2 L:librpmsign.so.1/1.2.2
rpm-libs 4.11.3-45.el7 x86_64 base 610 278|GPLv2+ and LGPLv2+ with exceptions|Libraries for manipulating RPM packages|rpm = 4.11.3-45.el7,libdb-5.3.so()(64bit)|L:librpm.so.3/3.2.2 L:librpmio.so.3/3.2.2
rpm-python 4.11.3-45.el7 x86_64 base 147 84|GPLv2+|Python bindings for apps which will manipulate RPM packages|rpm-libs = 4.11.3-45.el7,python(abi) = 2.7|*usr/lib64/python2.7/site-packages/rpm/_rpmmodule.so
sed 4.2.2-7.el7 x86_64 base 579 231|GPLv3+|A GNU stream text editor||b:sed=sed/sed
setup 2.8.71-11.el7 noarch base 680 166|Public Domain|A set of system configuration and setup files||%etc/passwd %etc/group %etc/shadow %etc/gshadow %etc/hosts %etc/host.conf %etc/hosts.allow %etc/hosts.deny %etc/inputrc %etc/motd %etc/profile %etc/bashrc %etc/csh.cshrc %etc/csh.login %etc/exports %etc/filesystems %etc/printcap %etc/protocols %etc/securetty %etc/services %etc/shells %etc/environment etc/profile.d/
shadow-utils 2:4.6-5.el7 x86_64 base 3534 1203|BSD and GPLv2+|Utilities for managing accounts and shadow password files|libaudit.so.1()(64bit),libsemanage.so.1()(64bit),setup|b:gpasswd=passwd/ s:useradd,groupadd,usermod,userdel,groupdel,groupmod,chpasswd=passwd/ usr/sbin/adduser>useradd usr/sbin/vigr>vipw b:chage,faillog,lastlog,newgidmap,newgrp,newuidmap,sg s:chgpasswd,groupmems,grpck,grpconv,grpunconv,newusers,pwck,pwconv,pwunconv,vipw %etc/login.defs %etc/default/useradd
shared-mime-info 1.8-5.el7 x86_64 base 2334 312|GPLv2+|Shared MIME information database|libglib-2.0.so.0()(64bit)|b:update-mime-database *usr/share/mime/packages/freedesktop.org.xml
sqlite 3.7.17-8.el7_7.1 x86_64 base 796 394|Public Domain|Library that implements an embeddable SQL database engine|libreadline.so.6()(64bit)|L:libsqlite3.so.0/0.8.6 b:sqlite3
systemd 219-78.el7 x86_64 base 23800 5223|LGPLv2+ and MIT and GPLv2+|A System and Service Manager|systemd-libs = 219-78.el7,libkmod.so.2()(64bit),libcryptsetup.so.12()(64bit),dbus|b:bootctl,busctl,coredumpctl,hostnamectl,journalctl,localectl,loginctl,machinectl,systemctl,systemd-analyze,systemd-cat,systemd-cgls,systemd-cgtop,systemd-delta,systemd-detect-virt,systemd-escape,systemd-firstboot,systemd-hwdb,systemd-inhibit,systemd-machine-id-setup,systemd-notify,systemd-nspawn,systemd-path,systemd-run,systemd-stdio-bridge,systemd-sysv-convert,systemd-tmpfiles,systemd-tty-ask-password-agent,timedatectl,udevadm usr/lib/systemd/systemd usr/sbin/init>../lib/systemd/systemd usr/lib/systemd/systemd-journald usr/lib/systemd/systemd-logind usr/lib/systemd/systemd-udevd %etc/systemd/system.conf %etc/systemd/journald.conf %etc/systemd/logind.conf *usr/lib/udev/hwdb.bin
systemd-libs 219-78.el7 x86_64 base 1239 427|LGPLv2+ and MIT|systemd libraries||L:libsystemd.so.0/0.6.0 L:libudev.so.1/1.6.2 L:libnss_myhostname.so.2
tar 2:1.26-35.el7 x86_64 base 2771 865|GPLv3+|A GNU file archiving program|libacl.so.1()(64bit)|b:tar=tar/tar usr/bin/gtar>tar
tzdata 2020d-2.el7 noarch updates 1939 504|Public Domain|Timezone data||usr/share/zoneinfo/UTC usr/share/zoneinfo/GMT usr/share/zoneinfo/Asia/Shanghai usr/share/zoneinfo/Asia/Tokyo usr/share/zoneinfo/Europe/London usr/share/zoneinfo/Europe/Berlin usr/share/zoneinfo/America/New_York *usr/share/zoneinfo/tzdata.zi
ustr 1.0.4-16.el7 x86_64 base 279 92|MIT or LGPLv2+ or BSD|String library, very low memory overhead, simple to import||L:libustr-1.0.so.1/1.0.4
util-linux 2.23.2-65.el7 x86_64 base 8150 2049|GPLv2 and GPLv2+ and LGPLv2+ and BSD with advertising and Public Domain|A collection of basic system utilities|libmount = 2.23.2-65.el7,libblkid = 2.23.2-65.el7,pam >= 1.1.3-7|b:mountpoint,findmnt,unshare,nsenter,lscpu,su,mount,umount,more,rev,flock,namei,setsid,dmesg=util-linux/ s:pivot_root,switch_root,losetup=util-linux/ b:hexdump,column,look=bsdextrautils/ b:logger,script=bsdutils/ b:cal=ncal/cal b:chfn,chrt,chsh,colcrt,colrm,eject,fallocate,getopt,ionice,ipcmk,ipcrm,ipcs,isosize,last,lastb,login,lsblk,lslocks,mcookie,mesg,pg,prlimit,raw,rename,renice,scriptreplay,setarch,setterm,tailf,taskset,ul,utmpdump,uuidgen,wall,wdctl,whereis,write s:addpart,agetty,blkdiscard,blkid,blockdev,cfdisk,chcpu,ctrlaltdel,delpart,fdformat,fdisk,findfs,fsck,fsfreeze,fstrim,hwclock,ldattach,mkfs,mkswap,nologin,partx,readprofile,resizepart,rtcwake,runuser,sfdisk,sulogin,swaplabel,swapoff,swapon,wipefs %etc/pam.d/login %etc/pam.d/su
vim-minimal 2:7.4.629-7.el7 x86_64 base 906 443|Vim|A minimal version of the VIM editor|libselinux.so.1()(64bit)|b:vi=vi usr/bin/ex>vi usr/bin/rvi>vi usr/bin/rview>vi usr/bin/view>vi %etc/virc
xz 5.2.2-1.el7 x86_64 base 778 229|LGPLv2+|LZMA compression utilities|xz-libs = 5.2.2-1.el7|b:xz,lzmadec,lzmainfo,xzdec,xzdiff,xzgrep,xzless,xzmore usr/bin/unxz>xz usr/bin/xzcat>xz usr/bin/lzma>xz
xz-libs 5.2.2-1.el7 x86_64 base 239 103|LGPLv2+|Libraries for decoding LZMA compression||L:liblzma.so.5/5.2.2
yum 3.4.3-168.el7.centos noarch base 5590 1229|GPLv2+|RPM package installer/updater/manager|python >= 2.4,rpm-python,yum-metadata-parser >= 1.1.0,pygpgme,pyliblzma,pyxattr|b:yum=yum %etc/yum.conf %etc/logrotate.d/yum %etc/yum/version-groups.conf etc/yum/pluginconf.d/ etc/yum/protected.d/ etc/yum/vars/ etc/yum.repos.d/ var/cache/yum/ var/lib/yum/ *usr/share/yum-cli/output.py|yum-plugin-priorities-api
yum-metadata-parser 1.1.4-10.el7 x86_64 base 57 28|GPLv2|A fast metadata parser for yum|python(abi) = 2.7|*usr/lib64/python2.7/site-packages/_sqlitecache.so
yum-plugin-fastestmirror 1.1.31-54.el7_8 noarch base 53 34|GPLv2+|Yum plugin which chooses fastest repository from a mirrorlist|yum >= 3.0|%etc/yum/pluginconf.d/fastestmirror.conf usr/lib/yum-plugins/fastestmirror.py
yum-plugin-ovl 1.1.31-54.el7_8 noarch base 23 28|GPLv2+|Yum plugin to work around overlayfs issues|yum >= 3.4.3-127|%etc/yum/pluginconf.d/ovl.conf usr/lib/yum-plugins/ovl.py
yum-utils 1.1.31-54.el7_8 noarch base 337 122|GPLv2+|Utilities based around the yum package manager|yum >= 3.4.3-143,python-kitchen,libxml2-python|b:debuginfo-install,find-repos-of-install,needs-restarting,package-cleanup,repo-graph,repo-rss,repoclosure,repodiff,repomanage,repoquery,reposync,repotrack,show-changed-rco,show-installed,verifytree,yum-builddep,yum-config-manager,yum-debug-dump,yum-debug-restore,yum-groups-manager,yumdownloader s:yum-complete-transaction,yumdb
zlib 1.2.7-18.el7 x86_64 base 179 90|zlib and Boost|The compression and decompression library||L:libz.so.1/1.2.7
`;
