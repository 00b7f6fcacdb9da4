# Overlays, propagation, networks.
o() { mkdir -p low up work m; mount -t overlay o -o lowerdir=low,upperdir=up,workdir=work m; }
newroot() { mkdir -p $1/bin $1/proc $1/old; cp /bin/busybox $1/bin/busybox; for c in sh ls cat echo mount umount; do ln -s busybox $1/bin/$c; done; }
#: overlay: hard links are broken by a copy-up
mkdir low; echo one >low/f; ln low/f low/g; o; stat -c %h m/f; echo two >>m/f; cat m/g; cat m/f; test m/f -ef m/g || echo broken; ls up; cat low/f
#: overlay: a new link of a lower file
mkdir low; echo one >low/f; o; ln m/f m/g; stat -c '%h' m/f m/g up/f; test m/f -ef m/g && echo same; echo two >>m/g; cat m/f; cat low/f
#: overlay: metadata is copied up with the data
mkdir low; echo one >low/f; chown 5:6 low/f; touch -d @1000 low/f; o; chmod 640 m/f; stat -c '%a %u %g %Y %s' up/f; ln -s f low/l; chown -h 7 m/l; stat -c '%F %u' up/l low/l; touch -d @2000 m/f; stat -c %Y m/f low/f
#: overlay: parents are copied up as they are
mkdir -p low/a/b; chmod 750 low/a; chmod 1777 low/a/b; chown 5 low/a; touch low/a/b/f; o; echo x >m/a/b/f; stat -c '%a %u' up/a up/a/b; ls up/a/b
#: overlay: a reader keeps what it opened
mkdir low; echo old >low/f; o; exec 3<m/f; echo new >m/f; cat <&3; cat m/f; exec 4<m/f; echo newer >m/f; cat <&4
#: overlay: inode numbers stay over a copy-up
mkdir low; echo x >low/f; mkdir low/d; o; a=$(stat -c %i m/f); d=$(stat -c %i m/d); echo y >>m/f; touch m/d/n; test $a = $(stat -c %i m/f) && echo file; test $d = $(stat -c %i m/d) && echo directory
#: overlay: a merged directory has one link and all names
mkdir -p l1/d l2/d l3/d up work m; touch l1/d/a l2/d/b l3/d/a l3/d/c; mount -t overlay o -o lowerdir=l1:l2:l3,upperdir=up,workdir=work m; touch m/d/z; stat -c %h m/d; ls m/d; rm m/d/a m/d/b; ls m/d; stat -c '%F %t %T' up/d/a; rmdir m/d 2>&1 | sed 's/.*: //'; rm m/d/*; rmdir m/d; ls m; stat -c %F up/d
#: overlay: one kind takes the other's place
mkdir -p low/d; touch low/d/x low/f; o; rm -r m/d; echo file >m/d; cat m/d; stat -c %F up/d; rm m/f; mkdir m/f; ls -A m/f; rm m/d; mkdir m/d; ls -A m/d; touch m/d/y; ls m/d; rmdir m/f; ls m
#: overlay: a lower file is renamed
mkdir low; echo a >low/a; echo b >low/b; o; mv m/a m/b; ls m; cat m/b; stat -c %F up/a up/b; mv m/b m/c; ls m; stat -c %F up/b; cat low/a low/b
#: overlay: an opaque directory hides what is below for good
mkdir -p low/d; touch low/d/x; o; rm -r m/d; mkdir m/d; touch m/d/y; umount m; touch low/d/late; mount -t overlay o -o lowerdir=low,upperdir=up,workdir=work m; ls m/d; umount m; mount -t overlay o -o lowerdir=up:low m; ls m/d
#: overlay: whiteouts by hand
mkdir -p low up/d; touch low/f low/g; mknod up/f c 0 0; o; ls m; cat m/f 2>&1 | sed 's/.*: //'; mknod up/h c 0 0; ls m; echo new >m/f; stat -c %F up/f; ls low; mknod m/w c 0 0 2>/dev/null || echo refused
#: overlay: the work directory
mkdir low; touch low/f; o; stat -c '%a %F' work/work; ls work; echo x >m/f; ls -A work/work | wc -l; grep -o 'upperdir=[^,]*' /proc/mounts | tail -1; grep ' overlay ' /proc/self/mountinfo | tail -1 | sed 's/.* - //; s/,.*//'
#: overlay: remounted read-only
mkdir low; touch low/f; o; mount -o remount,ro m; touch m/n 2>&1 | sed 's/.*: //'; rm m/f 2>&1 | sed 's/.*: //'; touch up/n; mount -o remount,rw m; rm m/f && ls m
#: overlay: what is missing or not possible
mkdir low up work m; mount -t overlay o -o lowerdir=none,upperdir=up,workdir=work m 2>/dev/null || echo no lower; mount -t overlay o -o upperdir=up,workdir=work m 2>/dev/null || echo none named; mount -t overlay o -o lowerdir=low,upperdir=up m 2>/dev/null || echo no work; mount -t overlay o -o lowerdir=low,upperdir=up,workdir=up/w m 2>/dev/null || echo work in upper; touch f; mount -t overlay o -o lowerdir=f,upperdir=up,workdir=work m 2>/dev/null || echo no directory
#: overlay: permissions are those of the merged file
mkdir low; echo s >low/f; chmod 600 low/f; echo p >low/g; chmod 666 low/g; chmod 755 .; o; chmod 755 m; chroot --userspec=7:8 / sh -c "cat $PWD/m/f 2>&1 | sed 's/.*: //'; echo more >>$PWD/m/g; cat $PWD/m/g; rm -f $PWD/m/g 2>&1 | sed 's/.*: //'"; stat -c '%u %a' up/g
#: overlay: a container by hand
newroot low; echo image >low/f; o; unshare -mpf sh -c 'cd m; pivot_root . old; exec /bin/sh -c "mount -t proc proc /proc; umount -l /old; ls /; echo \$\$; cat /f; echo changed >/f; echo new >/n; ls /old"'; ls up; cat low/f
#: a slave may be shared too
mkdir a b c; mount -t tmpfs t a; mount --make-shared a; mkdir a/m a/n; mount --bind a b; mount --make-slave b; mount --make-shared b; mount --bind b c; mount -t tmpfs u a/m; touch a/m/f; ls b/m c/m; mount -t tmpfs v b/n; touch b/n/g; ls a/n c/n; for d in a b c; do grep "$PWD/$d " /proc/self/mountinfo | sed 's/.*relatime//; s/ - .*//; s/[0-9][0-9]*/N/g'; done
#: an unmount goes where the mount went
mkdir a b; mount -t tmpfs t a; mount --make-shared a; mkdir a/m; mount --bind a b; mount -t tmpfs u b/m; grep -c "$PWD/./m " /proc/mounts; umount a/m; grep -c "$PWD/./m " /proc/mounts
#: what is moved into a shared mount appears in its peers
mkdir a b p; mount -t tmpfs t a; mount --make-shared a; mkdir a/m; mount --bind a b; mount -t tmpfs u p; touch p/f; mount --move p a/m; ls b/m; mount --make-private b; mkdir a/n; mount -t tmpfs v a/n; touch a/n/g; ls b/n
#: a tree is bound with its submounts, shared ones stay peers
mkdir a b; mount -t tmpfs t a; mkdir a/s; mount -t tmpfs u a/s; mount --make-rshared a; mount --rbind a b; mkdir a/s/m; mount -t tmpfs v a/s/m; touch a/s/m/f; ls b/s/m; mount --make-rprivate b; umount a/s/m; ls b/s/m; umount -R b; ls a
#: networks of their own by name
mkdir run; mount --bind run /run; ip netns add dd1; ip netns add dd2; ip netns list | sed 's/ .*//' | sort; ip link add v0 netns dd1 type veth peer name v1 netns dd2; ip -n dd1 addr add 10.8.0.1/24 dev v0; ip -n dd2 addr add 10.8.0.2/24 dev v1; ip -n dd1 link set v0 up; ip -n dd2 link set v1 up; ip netns exec dd1 ip -o link | cut -d: -f2 | sed 's/@.*//'; ip -n dd1 route; ip netns exec dd2 busybox ping -c 1 -W 2 10.8.0.1 | grep -o '1 packets received'; ip netns delete dd1; ip netns delete dd2; ip netns list | wc -l
#: a bridge joins
unshare -n sh -c 'unshare -n sleep 30 & a=$!; unshare -n sleep 30 & b=$!; sleep 0.2; ip link add br0 type bridge; ip link set br0 up; ip addr add 10.7.0.1/24 dev br0; for x in $a:2 $b:3; do n=${x#*:}; ip link add v$n type veth peer name eth0 netns ${x%:*}; ip link set v$n master br0; ip link set v$n up; nsenter -t ${x%:*} -n ip addr add 10.7.0.$n/24 dev eth0; nsenter -t ${x%:*} -n ip link set eth0 up; done; ip -o link show master br0 | cut -d: -f2 | sed "s/@.*//"; nsenter -t $a -n busybox ping -c 1 -W 2 10.7.0.3 | grep -o "1 packets received"; busybox ping -c 1 -W 2 10.7.0.2 | grep -o "1 packets received"; kill $a $b'
#: the state of a link whose peer is down
unshare -n sh -c 'ip link add v0 type veth peer name v1; ip -o link show v0 | grep -o "<.*> \|state [A-Z]*"; ip link set v0 up; ip -o link show v0 | grep -o "<.*> \|state [A-Z]*"; ip link set v1 up; ip -o link show v0 | grep -o "<.*> \|state [A-Z]*"; ip link delete v1; ip -o link | wc -l'
#: routes in /proc
unshare -n sh -c 'ip link add v0 type veth peer name v1; ip addr add 10.1.2.3/24 dev v0; ip link set v0 up; ip link set v1 up; ip route add default via 10.1.2.1; ip route add 10.9.0.0/16 via 10.1.2.9; tr -s " \t" " " </proc/net/route | cut -d" " -f1-4,8; ip route get 10.9.1.1 | head -1 | sed "s/ uid.*//; s/ *$//"; ip route add default via 10.5.5.5 2>&1 | sed "s/.*: //"; ip link set v0 down; ip route | wc -l'
#: what cannot be reached
unshare -n sh -c 'busybox nc 10.9.9.9 80 2>&1 | sed "s/.*: //"; busybox nc 127.0.0.1 80 2>&1 | sed "s/.*: //"; ip link set lo up; busybox nc 127.0.0.1 80 2>&1 | sed "s/.*: //"; busybox ping -c 1 -W 1 127.0.0.1 | grep -o "1 packets received"'
#: a connection to oneself
unshare -n sh -c 'ip link set lo up; busybox nc -l -p 5000 >got & sleep 0.2; echo hello | busybox nc 127.0.0.1 5000; wait; cat got'
#: namespaces are listed
unshare -u sleep 5 & sleep 0.2; lsns -n -t uts -o TYPE,NPROCS,COMMAND -p $! | tr -s ' '; lsns -n -t uts -o NS -p $! | grep -c "^ *$(stat -Lc %i /proc/$!/ns/uts)$"; kill $!
#: nsenter into all, and into the root alone
mkdir -p r/bin; cp /bin/busybox r/bin; chroot r /bin/busybox sleep 30 & sleep 0.2; nsenter -t $! -r /bin/busybox ls /; kill $!; unshare -Urmu sh -c 'hostname deep; touch up; sleep 1' & while ! test -e up; do sleep 0.05; done; nsenter -t $! -U -u -m --preserve-credentials sh -c 'hostname; id -u'; nsenter -t $! -a hostname; wait
