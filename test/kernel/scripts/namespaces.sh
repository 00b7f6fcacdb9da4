# Namespaces, chroot, pivot_root. $PWD is a fresh private tmpfs; root is a busybox tree made by: newroot DIR.
newroot() { mkdir -p $1/bin $1/proc $1/old $1/dev; cp /bin/busybox $1/bin/busybox; for c in sh ls cat echo mount umount pwd readlink sleep hostname test id; do ln -s busybox $1/bin/$c; done; }
#: chroot sees the new root alone
newroot r; touch r/marker; chroot r /bin/sh -c 'pwd; ls /; cd ..; pwd; ls -d ../marker'
#: chroot errors have their statuses
mkdir r; chroot r /bin/none 2>/dev/null; echo $?; chroot nowhere true 2>/dev/null; echo $?; touch f; chroot r f 2>/dev/null; echo $?
newroot s; touch s/plain; chroot s /plain 2>/dev/null; echo $?
#: chroot needs the privilege
newroot r; chroot --userspec=1000:1000 / chroot "$PWD/r" /bin/sh -c 'echo in' 2>/dev/null; echo $?
#: chroot with another user
newroot r; chroot --userspec=5:6 r /bin/id -u
#: out of a chroot by an open directory and /proc
newroot r; touch outside; mount -t proc proc r/proc; exec 3<.; chroot r /bin/sh -c 'ls /proc/self/fd/3/'
#: absolute symlinks stay inside a chroot
newroot r; echo in >r/f; ln -s /f r/l; echo out >f; chroot r /bin/cat /l
#: a process's root is seen by its /proc entry
newroot r; touch r/marker; mount -t proc proc r/proc; chroot r /bin/sleep 30 & sleep 0.2; ls -d /proc/$!/root/marker | sed 's/[0-9][0-9]*/N/'; readlink /proc/$!/root; kill $!
#: pivot_root and the old root taken away
unshare -m sh -c 'newroot() { mkdir -p $1/bin $1/old; cp /bin/busybox $1/bin; }; mkdir r; mount -t tmpfs t r; newroot r; mkdir r/proc; mount -t proc proc r/proc; cd r; pivot_root . old; /bin/busybox ls -d /old/etc /bin/busybox; /bin/busybox umount -l /old; /bin/busybox ls /; /bin/busybox ls /old'
#: pivot_root onto itself, as runc does
unshare -m sh -c 'mkdir r; mount -t tmpfs t r; mkdir r/bin; cp /bin/busybox r/bin; cd r; pivot_root . .; /bin/busybox umount -l .; cd /; /bin/busybox ls /; /bin/busybox pwd'
#: pivot_root wants a mount
unshare -m sh -c 'mkdir -p r/old; pivot_root r r/old 2>/dev/null || echo refused; mount -t tmpfs t r; mkdir r/old; pivot_root r . 2>/dev/null || echo refused; pivot_root r r/old && echo done'
#: pivot_root is refused when the new root is shared
unshare -m sh -c 'mkdir r; mount -t tmpfs t r; mount --make-shared r; mkdir r/old; pivot_root r r/old 2>/dev/null || echo refused'
#: a mount in a new mount namespace is not seen outside
mkdir a; unshare -m sh -c 'mount -t tmpfs t a; touch a/in; ls a'; ls a
#: what is mounted outside later comes in to a slave, not to a private copy
mkdir a b; mount -t tmpfs t a; mount --make-shared a; mkdir a/m
unshare -m --propagation slave sh -c 'while ! test -e a/m/f; do sleep 0.05; done; ls a/m' & unshare -m --propagation private sh -c 'while ! test -e go; do sleep 0.05; done; ls a/m; echo private done' & sleep 0.3
mount -t tmpfs u a/m; touch a/m/f; wait %1; touch go; wait
#: an unmount outside is seen by a slave
mkdir a; mount -t tmpfs t a; mount --make-shared a; mkdir a/m; mount -t tmpfs u a/m; touch a/m/f
unshare -m --propagation slave sh -c 'while test -e a/m/f; do sleep 0.05; done; ls a/m; echo gone' & sleep 0.3; umount a/m; wait
#: a place that is a mountpoint only in another namespace can be removed
mkdir a; unshare -m --propagation private sh -c 'mount -t tmpfs t a; touch up; while test -e up; do sleep 0.05; done; grep -c "$PWD/a " /proc/self/mountinfo' & while ! test -e up; do sleep 0.05; done
rmdir a && echo removed; rm up; wait
#: host name of its own
old=$(hostname); unshare -u sh -c 'hostname inside; hostname; uname -n; cat /proc/sys/kernel/hostname'; test "$(hostname)" = "$old" && echo kept
#: the host name is written through /proc
unshare -u sh -c 'echo other >/proc/sys/kernel/hostname; hostname'
#: a pid namespace begins at 1
unshare -pf sh -c 'echo $$; sh -c "echo \$PPID"'
#: a /proc of one's own pid namespace
unshare -pf --mount-proc sh -c 'ls /proc > list; grep -c "^[0-9]" list; readlink /proc/self | grep -c .; cat /proc/1/comm; grep NSpid /proc/1/status | wc -w'
#: the same process has a pid in each namespace
unshare -pf sh -c 'grep NSpid /proc/self/status | wc -w'; unshare -pf unshare -pf sh -c 'grep NSpid /proc/self/status | wc -w'
#: unshare -p without a fork concerns the children alone
a=$(readlink /proc/self/ns/pid); b=$(unshare -p readlink /proc/self/ns/pid); test "$a" = "$b" && echo same; unshare -p sh -c 'test $$ -gt 1 && echo outside; sh -c "echo \$\$"'
#: signals from inside do not end init
unshare -pf sh -c 'kill -TERM $$; kill -KILL 1; kill -HUP 1; echo alive'; echo $?
#: a handler of init runs
unshare -pf sh -c 'trap "echo caught" TERM; kill -TERM 1; echo after'
#: killed from outside, init takes all along
unshare -pf --kill-child sh -c 'sleep 300 & echo $! >/dev/null; touch up; while :; do sleep 1; done' & p=$!
while ! test -e up; do sleep 0.05; done; kill -KILL $p; wait $p; echo $?
#: the end of init is the end of the namespace
mkfifo p; unshare -pf sh -c 'sleep 300 >p & exec 3<p; exit 3'; echo $?
#: orphans go to init of their namespace
unshare -pf --mount-proc sh -c 'sh -c "sleep 0.3 & echo \$! >pid"; sleep 0.1; grep PPid /proc/$(cat pid)/status'
#: namespaces are links with inode numbers
for k in mnt pid net uts ipc user cgroup; do readlink /proc/self/ns/$k | sed 's/[0-9][0-9]*/N/'; done
#: unshare changes the links it names
here() { readlink /proc/self/ns/$1; }; for k in u:uts i:ipc n:net m:mnt C:cgroup U:user; do a=$(here ${k#*:}); b=$(unshare -${k%:*} readlink /proc/self/ns/${k#*:}); test "$a" = "$b" && echo same || echo differs; done; a=$(here net); b=$(unshare -u readlink /proc/self/ns/net); test "$a" = "$b" && echo same
#: a new network has lo alone, and it is down
unshare -n sh -c 'sed 1,2d /proc/net/dev | cut -d: -f1; cat /proc/net/route | wc -l; ip -o addr | wc -l; ip link show lo | grep -c "state DOWN"'
#: lo brought up has its addresses
unshare -n sh -c 'ip link set lo up; ip -o -4 addr show lo | sed "s/ *scope.*//; s/  */ /g"'
#: two networks joined by a veth pair
unshare -n sh -c 'unshare -n sleep 30 & sleep 0.2; ip link add v0 type veth peer name v1; ip link set v1 netns $!; ip addr add 10.9.0.1/24 dev v0; ip link set v0 up; nsenter -t $! -n ip addr add 10.9.0.2/24 dev v1; nsenter -t $! -n ip link set v1 up; nsenter -t $! -n ip -o -4 addr show v1 | grep -o "10.9.0.2/24"; ip -o link | cut -d: -f2 | sed "s/@.*//"; ip route; kill $!' | sed 's/ *$//'
#: a user namespace without a map
unshare -U sh -c 'id -u; id -g; cat /proc/self/uid_map | wc -l; cat /proc/self/setgroups'
#: a user namespace with root mapped
unshare -Ur sh -c 'id -u; id -g; cat /proc/self/uid_map; cat /proc/self/setgroups; grep CapEff /proc/self/status'
#: owners that are not mapped are nobody's
touch f g; chown 1000:1000 f; unshare -Ur sh -c 'stat -c "%u %g" f g; chown 5 g 2>&1 | sed "s/.*: //"'; stat -c %u g
#: an unprivileged user is root of its own namespace
chmod 777 .; chroot --userspec=1000:1000 / unshare -Ur sh -c 'id -u; touch /tmp/k/mine; stat -c "%u %g" /tmp/k/mine; hostname x 2>/dev/null || echo refused'; stat -c '%u %g' mine
#: with namespaces of its own, an unprivileged user may set them up
mkdir m; chmod 777 . m; chroot --userspec=1000:1000 / unshare -Urmu sh -c 'hostname mine; hostname; mount -t tmpfs t /tmp/k/m && touch /tmp/k/m/f && ls /tmp/k/m'; ls m
#: mounting needs the privilege
chroot --userspec=1000:1000 / mount -t tmpfs t $PWD 2>/dev/null; test $? -ne 0 && echo refused; chroot --userspec=1000:1000 / unshare -m true 2>&1 | sed 's/.*: //'
#: nsenter into another's host name, mounts and pids
mkdir a; unshare -umpf --mount-proc sh -c 'hostname inside; mount -t tmpfs t a; touch a/in; touch up; sleep 30' & while ! test -e up; do sleep 0.05; done
p=$(cat /proc/$!/task/$!/children | tr -d ' '); nsenter -t $p -u hostname; nsenter -t $p -m ls $PWD/a; ls a; nsenter -t $p -m -p sh -c 'cat /proc/1/comm; test $$ -lt 20 && echo low'; kill -KILL $p
#: a namespace kept by a bind mount of its file
touch ns; unshare --uts=$PWD/ns hostname kept; nsenter --uts=$PWD/ns hostname; umount ns; nsenter --uts=$PWD/ns hostname 2>/dev/null || echo gone
#: one cannot enter what is no namespace
touch f; nsenter --uts=$PWD/f true 2>/dev/null; echo $?
#: the ids of a namespace file and its link agree
test "$(stat -Lc %i /proc/self/ns/uts)" = "$(readlink /proc/self/ns/uts | tr -dc 0-9)" && echo agree
