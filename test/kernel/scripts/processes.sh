# /proc, signals, FIFOs, descriptors, locks, limits, permissions, cgroups.
#: descriptors are links
echo x >f; exec 3<f 4>>g; readlink /proc/self/fd/3 /proc/self/fd/4; rm f; readlink /proc/self/fd/3; cat <&3; ls -l /dev/fd /dev/stdin | sed 's/.* -> /-> /'
#: a descriptor is opened anew by its link
printf 'one\ntwo\n' >f; exec 3<f; read x <&3; echo $x; cat /proc/self/fd/3; cat <&3
#: /dev/stdin, /dev/fd and /dev/stdout
(echo in | cat /dev/stdin; echo fd | cat /dev/fd/0; echo out >/dev/stdout; echo err 2>&1 >/dev/stderr; exec 3>&1; echo three >/dev/fd/3) | cat
#: a deleted file is read by its link in /proc
echo kept >f; exec 3<f; rm f; cat /proc/self/fd/3; cp /proc/self/fd/3 g; cat g
#: working directory, root and a deleted directory
mkdir d; cd d; readlink /proc/self/cwd; readlink /proc/self/root; rmdir ../d; readlink /proc/self/cwd; ls; touch x 2>&1 | sed 's/.*: //'
#: command line and environment
env -i A=1 B=2 cat /proc/self/environ | tr '\0' '\n'; cat /proc/self/cmdline | tr '\0' '|'; echo
#: comm is written
sh -c 'echo renamed >/proc/$$/comm; cat /proc/$$/comm; echo a-name-longer-than-fifteen >/proc/$$/comm; cat /proc/$$/comm; true'
#: status says who it is
chroot --userspec=7:8 --groups=9,10 / grep -E '^(Name|Uid|Gid|Groups|CapEff|NoNewPrivs|Threads)' /proc/self/status
#: limits are shown
(ulimit -n 77; ulimit -f 100; grep -E 'open files|file size' /proc/self/limits)
#: oom_score_adj
cat /proc/self/oom_score_adj; sh -c 'echo 500 >/proc/$$/oom_score_adj; cat /proc/self/oom_score_adj'; chroot --userspec=7:8 / sh -c 'echo -5 >/proc/$$/oom_score_adj' 2>/dev/null || echo refused; echo 2000 2>/dev/null >/proc/self/oom_score_adj || echo invalid
#: links of /proc
readlink /proc/mounts /proc/net; test "$(readlink /proc/self)" -gt 0 && echo number; ls -d /proc/self/fdinfo /proc/self/task
#: /proc cannot be changed
touch /proc/x 2>/dev/null || echo refused; rm /proc/version 2>&1 | sed 's/.*: //'; mkdir /proc/d 2>/dev/null || echo refused; echo x 2>/dev/null >/proc/version || echo refused
#: another's /proc entries are its own
sleep 30 & chroot --userspec=7:8 / sh -c "ls /proc/$!/fd 2>&1 | sed 's/.*: //'; readlink /proc/$!/cwd || echo hidden; cat /proc/$!/comm"; kill $!
#: /proc/sys
cat /proc/sys/kernel/ostype; cat /proc/sys/kernel/pid_max | grep -c .; sysctl -n kernel.ostype
#: networks in /proc
head -1 /proc/net/route | tr -s '\t ' ' ' | sed 's/ *$//'; head -1 /proc/net/tcp | tr -s ' ' | sed 's/ *$//'; head -1 /proc/net/udp | tr -s ' ' | sed 's/ *$//'; head -1 /proc/net/unix | tr -s ' '; head -1 /proc/net/arp | tr -s ' '
#: maps has the program, a stack and the heap's kind of lines
grep -c 'r-xp' /proc/self/maps >/dev/null && echo code; grep -c '\[stack\]' /proc/self/maps; cat /proc/self/maps | grep -q /cat && echo exe
#: stat of a process has 52 fields
wc -w </proc/self/stat; cut -d' ' -f2 /proc/self/stat; wc -w </proc/self/statm
#: statuses of deaths by signals
for s in HUP INT QUIT ILL TRAP ABRT FPE KILL USR1 SEGV USR2 PIPE ALRM TERM XCPU; do sh -c "kill -$s \$\$" 2>/dev/null; echo $s $?; done
#: signals that are ignored by default
for s in CHLD URG WINCH CONT; do sh -c "kill -$s \$\$; echo alive"; done
#: ignored signals stay ignored over exec, handled ones do not
(trap '' TERM; sh -c 'kill -TERM $$; echo alive'); (trap 'echo no' TERM; sh -c 'kill -TERM $$; echo alive'; echo $?)
#: traps and wait
(sleep 0.2; kill -USR1 $$) & trap 'echo usr1' USR1; sleep 5 & wait $!; echo $?; kill $!
#: a stopped process and one that goes on
sleep 30 & kill -STOP $!; sleep 0.1; grep State /proc/$!/status; kill -TERM $!; sleep 0.1; grep State /proc/$!/status; kill -CONT $!; wait $!; echo $?
#: a zombie
sh -c 'true & exec sleep 0.5' & sleep 0.2; for c in $(cat /proc/$!/task/$!/children); do grep State /proc/$c/status; cat /proc/$c/cmdline | wc -c; done; wait
#: kill of what is not there, and of what is another's
sh -c 'kill -0 $$ && echo there'; kill -0 999999 2>/dev/null; echo $?; sleep 30 & chroot --userspec=7:8 / sh -c "kill $! 2>/dev/null || echo refused"; kill $!; wait $!; echo $?
#: a signal to a group
setsid sh -c 'sleep 30 & sleep 30 & kill -TERM 0' ; echo $?
#: a writer without readers
(yes; echo $? >&2) 2>err | head -1; sleep 0.1; cat err
#: a FIFO joins two
mkfifo p; test -p p && echo fifo; stat -c '%F %a' p; echo hello >p & cat p; wait
#: a FIFO opened for both does not wait
mkfifo p; exec 3<>p; echo line >&3; read x <&3; echo $x
#: the end of a FIFO is when the last writer has gone
mkfifo p; (exec 4>p; echo one >&4; sleep 0.1; echo two >&4) & cat p; wait; echo end
#: a FIFO is gone and goes on
mkfifo p; exec 3<>p; rm p; echo still >&3; read x <&3; echo $x; ls
#: a FIFO without a reader
mkfifo p; timeout 0.3 sh -c 'echo x >p'; echo $?; dd if=/dev/zero of=p oflag=nonblock count=1 2>&1 | grep -o 'No such device or address'
#: locks
touch f; exec 3<f; flock 3; flock -n f echo no; echo $?; flock -s -n f echo no; echo $?; flock -u 3; flock -n f echo yes
#: shared locks
touch f; exec 3<f; flock -s 3; flock -s -n f echo shared; flock -n f echo no; echo $?
#: a lock goes with its last descriptor
touch f; (exec 3<f; flock 3; sleep 0.2) & sleep 0.1; flock -n f echo no; flock f echo yes
#: file size limit
(ulimit -f 8; trap '' XFSZ; head -c 100000 /dev/zero >f) 2>&1 | sed 's/.*: //'; wc -c <f; (ulimit -f 8; head -c 100000 /dev/zero >g) 2>/dev/null; echo $?
#: descriptor limit
(ulimit -n 5; exec 3</dev/null 4</dev/null; cat 5</dev/null) 2>&1 | grep -c .; sh -c 'ulimit -n 4; cat /dev/null' 2>/dev/null; echo $?
#: the sticky bit
chmod 755 .; mkdir t; chmod 1777 t; touch t/f; chroot --userspec=7:8 / rm -f $PWD/t/f 2>&1 | sed 's/.*: //'; chroot --userspec=7:8 / sh -c "touch $PWD/t/g && rm $PWD/t/g && echo own"
#: group of new files below a setgid directory
mkdir d; chgrp 12 d; chmod 2755 d; mkdir d/e; touch d/f; stat -c '%a %g' d/e d/f
#: chown takes the setuid bit away
touch f; chmod 6755 f; chown 5 f; stat -c %a f; chmod 4755 f; chroot --userspec=5:5 / sh -c "echo x >>$PWD/f"; stat -c %a f
#: permissions of root without its capabilities
chmod 755 .; echo secret >f; chmod 600 f; chroot --userspec=7:8 / cat $PWD/f 2>&1 | sed 's/.*: //'; setpriv --bounding-set -all --inh-caps -all true 2>/dev/null; cat f
#: umask
(umask 027; touch f; mkdir d; mkfifo p; stat -c '%a %F' f d p)
#: touch by one who does not own the file
chmod 755 .; touch f; chmod 666 f; chroot --userspec=7:8 / touch $PWD/f && echo now; chroot --userspec=7:8 / touch -d 2020-01-01 $PWD/f 2>/dev/null || echo refused
#: a hole takes no space
truncate -s 1M f; stat -c '%s %b' f; echo x >>f; stat -c '%s' f; test $(stat -c %b f) -lt 300 && echo sparse
#: special devices
head -c 3 /dev/zero | od -An -tx1; echo x >/dev/full 2>err || cut -d: -f3- err | sed 's/.*: //'; cat /dev/null; head -c 4 /dev/urandom | wc -c; stat -c '%F %t,%T' /dev/null /dev/zero /dev/tty
#: rename over what is there
mkdir -p a/x b; mv -T a b && ls b; mkdir a; mv -T a b 2>&1 | sed 's/.*: //'; touch f; mv -T f b 2>&1 | sed 's/.*: //'; mv -T b f 2>&1 | sed 's/.*: //'
#: links
echo 1 >f; ln f g; stat -c %h f; ln -s f s; ln -s loop loop; cat loop 2>&1 | sed 's/.*: //'; ln s h; stat -c '%F' h; mkdir d; ln d e 2>/dev/null || echo refused; rm f; cat g; cat s 2>&1 | sed 's/.*: //'
#: names and paths that are too long
n=$(head -c 255 /dev/zero | tr '\0' n); touch $n && echo fits; touch n$n 2>&1 | sed 's/.*: //'
#: a script's interpreter
printf '#!/bin/cat\nbody\n' >s; chmod 755 s; ./s; printf '#!/no/such\n' >t; chmod 755 t; ./t 2>/dev/null; echo $?; printf 'echo plain\n' >u; chmod 755 u; ./u; touch v; ./v 2>/dev/null; echo $?
#: cgroup: a process is moved and its /proc entry says so
mkdir $CG/dd1; sh -c "echo \$\$ >$CG/dd1/cgroup.procs; grep '^0::' /proc/self/cgroup; grep -c . $CG/dd1/cgroup.procs; mkdir $CG/dd1/in && rmdir $CG/dd1/in"; grep populated $CG/dd1/cgroup.events; rmdir $CG/dd1
#: cgroup: a populated group is not removed
mkdir $CG/dd2; sleep 30 & echo $! >$CG/dd2/cgroup.procs; rmdir $CG/dd2 2>&1 | sed 's/.*: //'; grep populated $CG/dd2/cgroup.events; kill $!; wait $!; sleep 0.1; rmdir $CG/dd2 && echo removed
#: cgroup: a group with groups is not removed
mkdir -p $CG/dd3/a; rmdir $CG/dd3 2>&1 | sed 's/.*: //'; rmdir $CG/dd3/a $CG/dd3 && echo removed
#: cgroup: frozen
mkdir $CG/dd4; sh -c 'while :; do echo x >>log; sleep 0.05; done' & echo $! >$CG/dd4/cgroup.procs; sleep 0.2; echo 1 >$CG/dd4/cgroup.freeze; sleep 0.2; cat $CG/dd4/cgroup.freeze; grep frozen $CG/dd4/cgroup.events
a=$(wc -l <log); sleep 0.3; test $a = $(wc -l <log) && echo still; echo 0 >$CG/dd4/cgroup.freeze; sleep 0.3; test $a -lt $(wc -l <log) && echo on; kill -KILL $!; wait $!; sleep 0.1; rmdir $CG/dd4
#: cgroup: a frozen process dies of KILL
mkdir $CG/dd5; sleep 30 & echo $! >$CG/dd5/cgroup.procs; echo 1 >$CG/dd5/cgroup.freeze; sleep 0.1; kill -KILL $!; wait $!; echo $?; sleep 0.1; rmdir $CG/dd5
#: cgroup: all are killed at once
mkdir $CG/dd6; sleep 30 & a=$!; sleep 30 & b=$!; echo $a >$CG/dd6/cgroup.procs; echo $b >$CG/dd6/cgroup.procs; echo 1 >$CG/dd6/cgroup.kill; wait $a; echo $?; wait $b; echo $?; sleep 0.1; rmdir $CG/dd6
#: cgroup: a namespace hides what is above
mkdir $CG/dd7; sh -c "echo \$\$ >$CG/dd7/cgroup.procs; unshare -C grep '^0::' /proc/self/cgroup; grep '^0::' /proc/self/cgroup"; rmdir $CG/dd7
#: cgroup: files that are there, and ones that cannot be
mkdir $CG/dd8; ls $CG/dd8 | grep -E '^cgroup\.(controllers|events|freeze|kill|max\.depth|max\.descendants|procs|stat|subtree_control|threads|type)$'; cat $CG/dd8/cgroup.type; touch $CG/dd8/x 2>/dev/null || echo refused; rm $CG/dd8/cgroup.procs 2>/dev/null || echo refused; rmdir $CG/dd8
#: cgroup: wrong values are refused
mkdir $CG/dd9; sh -c "echo 2 >$CG/dd9/cgroup.freeze" 2>/dev/null || echo refused; sh -c "echo 999999 >$CG/dd9/cgroup.procs" 2>/dev/null || echo refused; sh -c "echo +nothing >$CG/dd9/cgroup.subtree_control" 2>/dev/null || echo refused; cat $CG/dd9/cgroup.max.depth; rmdir $CG/dd9
#: cgroup: children are born where the parent is
mkdir $CG/dda; sh -c "echo \$\$ >$CG/dda/cgroup.procs; sh -c 'grep ^0:: /proc/self/cgroup; true'"; rmdir $CG/dda
