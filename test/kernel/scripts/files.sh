# Files, descriptors, /proc, cgroups.
#: append and its lack
exec 3>>f 4>g; echo 12345 >&3; echo 12345 >&4; : >f; : >g; echo x >&3; echo x >&4; wc -c <f; wc -c <g; head -c 6 g | tr '\0' .; echo; (echo child >&4); echo parent >&4; tail -n +2 g
#: position and flags of a descriptor
echo 123456 >f; exec 3<f 4>>f 5<>f; dd bs=1 count=2 <&3 2>/dev/null >/dev/null; for n in 3 4 5; do grep -E '^(pos|flags)' /proc/$$/fdinfo/$n; done; exec 6<&3; read x <&6; grep pos /proc/$$/fdinfo/3; exec 7</proc/self/fd/3; grep pos /proc/$$/fdinfo/7
#: what descriptors may do is in their links
touch f; exec 3<f 4>f 5<>f; for n in 3 4 5; do stat -c '%A %F' /proc/$$/fd/$n; done; sleep 1 | readlink /proc/self/fd/0 | sed 's/[0-9][0-9]*/N/'; readlink /proc/self/fd/7 || echo none
#: a program is known by its file
cp /bin/busybox busybox; ./busybox sleep 30 & sleep 0.2; readlink /proc/$!/exe; cp busybox other; mv other busybox; readlink /proc/$!/exe; kill $!; wait $!; readlink /proc/$$/exe | sed 's/.*\///'
#: a lock is of the open file
touch f; exec 3<f; flock 3; flock -n 3 && echo again; (flock -n 3 && echo "child's too"); (exec 3<&-); flock -n f true; echo $?; exec 4<f; flock -n 4 || echo other; exec 5<&3; exec 3<&-; flock -n 4 || echo held; exec 5<&-; flock -n 4 && echo free
#: a lock is raised and lowered
touch f; exec 3<f 4<f; flock -s 3; flock -s 4; flock -n 3 || echo shared; flock -u 4; flock -n 3 && echo alone; flock -s 3; flock -s -n 4 && echo lowered
#: a FIFO holds 64 KiB
mkfifo p; exec 3<>p; timeout 0.3 head -c 65536 /dev/zero >&3; echo $?; timeout 0.3 sh -c 'echo >&3'; echo $?; head -c 4096 <&3 | wc -c; timeout 0.3 sh -c 'echo >&3'; echo $?
#: a pipe whose writer has gone
(sleep 0.1; echo late) | (read a; echo $a; read b; echo $?); true | cat; (exec 3>&1; sleep 0.2 & exec 1>&-; echo done >&3) | cat
#: a file outlives its names
echo 1 >f; exec 3<f; ln f g; rm f; stat -L -c %h /proc/self/fd/3; rm g; stat -L -c '%h %s' /proc/self/fd/3; echo new >f; cat <&3; test f -ef /proc/self/fd/3 || echo another
#: directories count their names
mkdir -p d/a d/b; touch d/f; stat -c %h d; rmdir d/a; stat -c %h d; mv d/b .; stat -c %h d; rmdir d 2>&1 | sed 's/.*: //'; mkdir d/x/y 2>&1 | sed 's/.*: //'; mkdir -p d/x/y; mv d d/x/y 2>&1 | sed 's/.*: //'
#: what is no directory
touch f; ls f/ 2>&1 | sed 's/.*: //'; cat f/x 2>&1 | sed 's/.*: //'; cat . 2>&1 | sed 's/.*: //'; rm d 2>&1 | sed 's/.*: //'; ln -s f l; cat l/ 2>&1 | sed 's/.*: //'; rmdir l 2>&1 | sed 's/.*: //'; mkdir f 2>&1 | sed 's/.*: //'; rmdir . 2>&1 | sed 's/.*: //'; cp f f 2>&1 | sed 's/.*are/are/'
#: times
touch -d '2001-02-03 04:05:06' f; stat -c %Y f; cat f; chmod 600 f; stat -c %Y f; mv f g; stat -c %Y g; cp -p g h; stat -c %Y h; touch -r g i; stat -c %Y i; echo x >g; test $(stat -c %Y g) -gt 1000000000 && echo written; mkdir d; touch -d @5 d; touch d/x; test $(stat -c %Y d) -gt 5 && echo entered; touch -d @5 d; chmod 700 d/x; stat -c %Y d
#: limits are inherited and only lowered
(ulimit -S -n 50; ulimit -n; sh -c 'ulimit -S -n; grep "open files" /proc/self/limits | tr -s " " | cut -d" " -f4'); (ulimit -n 60; ulimit -H -n; chroot --userspec=7:8 / sh -c 'ulimit -n 61 2>/dev/null || echo refused; ulimit -n 20; ulimit -n'); (ulimit -c 0; ulimit -c; ulimit -t 100; ulimit -t; ulimit -v 5000000; ulimit -v)
#: status has its lines
cut -f1 /proc/self/status | head -16 | tr '\n' ' '; grep -E '^(TracerPid|Threads|Seccomp):' /proc/self/status
#: a process whose name has spaces and brackets
cp /bin/busybox busybox; ln -s busybox 'sl eep'; cat >s <<'X'
#!/bin/sh
cat /proc/$$/comm; cut -d' ' -f2-4 /proc/$$/stat | sed 's/) .*/)/'
X
chmod 755 s; cp s 'a (b) c'; './a (b) c'; ./s
#: mounts are told as they are seen from a root
mkdir -p r/bin r/proc r/old; cp /bin/busybox r/bin; mount -t proc proc r/proc; mount -t tmpfs in r/old; mount -t tmpfs out old 2>/dev/null; chroot r /bin/busybox cat /proc/self/mounts | cut -d' ' -f1-3
#: what another may not read of a process
sleep 30 & chroot --userspec=7:8 / sh -c "cat /proc/$!/environ 2>&1 | sed 's/.*: //'; readlink /proc/$!/exe /proc/$!/root || echo hidden; head -c 5 /proc/$!/cmdline; echo; cat /proc/$!/maps 2>&1 | sed 's/.*: //'; grep Uid /proc/$!/status"; kill $!
#: cgroup: depth and number are limited
mkdir $CG/ddb; echo 1 >$CG/ddb/cgroup.max.depth; mkdir $CG/ddb/a; mkdir $CG/ddb/a/b 2>&1 | sed 's/.*: //'; echo 1 >$CG/ddb/cgroup.max.descendants; mkdir $CG/ddb/c 2>&1 | sed 's/.*: //'; echo max >$CG/ddb/cgroup.max.descendants; mkdir $CG/ddb/c && grep nr_descendants $CG/ddb/cgroup.stat; rmdir $CG/ddb/a $CG/ddb/c $CG/ddb
#: cgroup: who is below counts above
mkdir -p $CG/ddc/a/b; sleep 30 & echo $! >$CG/ddc/a/b/cgroup.procs; for g in ddc ddc/a ddc/a/b; do grep populated $CG/$g/cgroup.events; wc -l <$CG/$g/cgroup.procs; done; kill $!; wait $!; sleep 0.1; grep populated $CG/ddc/cgroup.events; rmdir $CG/ddc/a/b $CG/ddc/a $CG/ddc
#: cgroup: freezing and killing go down
mkdir -p $CG/ddd/a; sleep 30 & echo $! >$CG/ddd/a/cgroup.procs; echo 1 >$CG/ddd/cgroup.freeze; sleep 0.2; cat $CG/ddd/a/cgroup.freeze; grep frozen $CG/ddd/a/cgroup.events; grep State /proc/$!/status; kill -TERM $!; wait $!; echo $?; sleep 30 & echo $! >$CG/ddd/a/cgroup.procs; sleep 0.1; echo 1 >$CG/ddd/cgroup.kill; wait $!; echo $?; sleep 0.1; rmdir $CG/ddd/a $CG/ddd
#: cgroup: one moved into a frozen group freezes
mkdir $CG/dde; echo 1 >$CG/dde/cgroup.freeze; sh -c 'while :; do echo x >>log; sleep 0.05; done' & sleep 0.2; echo $! >$CG/dde/cgroup.procs; sleep 0.2; a=$(wc -l <log); sleep 0.2; test $a = $(wc -l <log) && echo still; grep frozen $CG/dde/cgroup.events; kill -KILL $!; wait $!; sleep 0.1; rmdir $CG/dde
#: cgroup: delegated to a user
mkdir $CG/ddf; chown 7 $CG/ddf $CG/ddf/cgroup.procs; chroot --userspec=7:8 / sh -c "mkdir $CG/ddf/a $CG/ddf/b && stat -c '%u %a' $CG/ddf/a/cgroup.procs; (echo \$\$ >$CG/ddf/a/cgroup.procs) 2>/dev/null || echo not from elsewhere; (echo 1 >$CG/ddf/cgroup.freeze) 2>/dev/null || echo not this; echo 1 >$CG/ddf/a/cgroup.freeze && echo own"
chroot --userspec=7:8 / sleep 30 & echo $! >$CG/ddf/b/cgroup.procs; sleep 0.1; chroot --userspec=7:8 / sh -c "echo 0 >$CG/ddf/a/cgroup.freeze; echo $! >$CG/ddf/a/cgroup.procs && grep -c . $CG/ddf/a/cgroup.procs"; kill $!; wait $!; sleep 0.1; rmdir $CG/ddf/a $CG/ddf/b $CG/ddf
#: cgroup: a zombie is no member
mkdir $CG/ddg; sh -c "sh -c 'echo \$\$ >$CG/ddg/cgroup.procs' & exec sleep 0.5" & sleep 0.3; wc -l <$CG/ddg/cgroup.procs; grep populated $CG/ddg/cgroup.events; rmdir $CG/ddg && echo removed; wait
