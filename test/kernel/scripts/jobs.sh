# Signals, process groups and sessions, waiting, PID namespaces.
#: signals that are ignored and blocked are told
(trap '' INT QUIT; grep -E '^Sig(Ign|Blk)' /proc/self/status)
#: a blocked signal waits
env --block-signal=TERM --ignore-signal=HUP sleep 0.5 & sleep 0.2; kill -TERM $!; kill -HUP $!; grep -E "^(ShdPnd|SigBlk|SigIgn)" /proc/$!/status; wait $!; echo $?
#: a job in the background ignores the keys' signals and reads nothing
sleep 30 & grep SigIgn /proc/$!/status; kill -INT $!; kill -QUIT $!; sleep 0.1; kill -0 $! && echo alive; kill $!; wait $!; echo $?; readlink /proc/self/fd/0 & wait; cat & wait $!; echo $?
#: KILL and STOP are not ignored
sh -c 'trap "" KILL STOP 2>/dev/null; kill -STOP $$; kill -KILL $$; echo never' & sleep 0.2; grep State /proc/$!/status; kill -CONT $!; wait $!; echo $?
#: a parent that ignores CHLD has no zombies
sh -c 'sleep 0.2 & exec env --ignore-signal=CHLD sleep 1' & sleep 0.6; wc -w </proc/$!/task/$!/children; wait; sh -c 'true & exec sleep 0.5' & sleep 0.3; wc -w </proc/$!/task/$!/children; wait
#: each child's end is told once
sh -c 'exit 3' & a=$!; sh -c 'kill -9 $$' & b=$!; wait $b; echo $?; wait $a; echo $?; wait 999999; echo $?
#: exec keeps the process
sh -c 'echo $$; exec sh -c "echo \$\$; cat /proc/\$\$/comm; cut -d\" \" -f4 /proc/\$\$/stat"' >out; set -- $(cat out); test $1 = $2 && echo same pid; test $4 = $$ && echo same parent; echo $3
#: setsid makes a session without a terminal
setsid -w sh -c 'set -- $(cat /proc/$$/stat); test $5 = $$ && test $6 = $$ && echo leader; echo tty $7; sh -c "set -- \$(cat /proc/\$\$/stat); test \$5 = $$ && test \$6 = $$ && echo follows"'
#: a leader of a group forks before it makes a session
setsid -w setsid -w sh -c 'set -- $(cat /proc/$$/stat); test $6 = $$ && echo leader'; echo $?
#: with job control each job is a group
bash -c 'set -m; sleep 30 | sleep 30 & set -- $(cat /proc/$!/stat); test $5 = $! || test $5 -lt $! && echo own; test $5 = $(cut -d" " -f5 /proc/$$/stat) || echo "not the shell"; kill -TERM -- -$5; wait $!; echo $?'
#: a group stops and goes on as one
bash -c 'set -m; sh -c "sleep 30 & sleep 30 & wait" & g=$!; sleep 0.2; kill -STOP -- -$g; sleep 0.2; for p in $(cat /proc/$g/task/$g/children); do grep State /proc/$p/status; done; kill -CONT -- -$g; sleep 0.1; for p in $(cat /proc/$g/task/$g/children); do grep State /proc/$p/status; done; kill -KILL -- -$g; wait $g; echo $?' 2>/dev/null
#: a group that is not there
kill -TERM -999999 2>/dev/null; echo $?; sleep 0.1 & kill -TERM -$! 2>/dev/null; echo $?; wait
#: a signal to every process of a namespace spares init
unshare -pf --mount-proc sh -c 'sleep 30 & sleep 30 & sleep 0.1; kill -TERM -1; wait; echo rest; ls -d /proc/[0-9]* | wc -l'
#: init without a handler is spared TERM from outside, not KILL
unshare -pf sh -c 'touch up; while :; do sleep 0.1; done' & while ! test -e up; do sleep 0.05; done
c=$(cat /proc/$!/task/$!/children | tr -d ' '); kill -TERM $c; kill -INT $c; sleep 0.2; kill -0 $c && echo alive; kill -STOP $c; sleep 0.1; grep State /proc/$c/status; kill -CONT $c; kill -KILL $c; wait $!; test -d /proc/$c || echo ended
#: init with a handler is sent TERM from outside
unshare -pf sh -c 'trap "echo caught; exit 5" TERM; touch up; while :; do sleep 0.1; done' & while ! test -e up; do sleep 0.05; done
kill -TERM $(cat /proc/$!/task/$!/children); wait $!; echo $?
#: an init that does not wait keeps zombies
unshare -pf sh -c 'sh -c "sleep 0.1 & true"; touch up; exec sleep 1' & while ! test -e up; do sleep 0.05; done
sleep 0.3; c=$(cat /proc/$!/task/$!/children | tr -d ' '); for z in $(cat /proc/$c/task/$c/children); do grep -E 'State|NSpid' /proc/$z/status | sed 's/[0-9][0-9]*/N/'; done; wait
#: no process is born where init has ended
unshare -p sh -c '(exit 0); (echo second)' 2>/dev/null; echo $?
#: a process sees those below, not those above
unshare -pf --mount-proc sh -c 'unshare -pf sh -c "touch up; exec sleep 0.6" & while ! test -e up; do sleep 0.05; done; sleep 0.1; cat /proc/[0-9]*/status | grep NSpid | grep -c "	.*	"; kill -0 $PPID 2>/dev/null || echo none above; wait'
#: the parent of a namespace's init is nobody
unshare -pf --mount-proc sh -c 'echo $PPID; grep PPid /proc/1/status; cut -d" " -f4 /proc/1/stat'
#: nsenter makes a child in the PID namespace
unshare -pf --mount-proc sh -c 'touch up; sleep 1' & while ! test -e up; do sleep 0.05; done
c=$(cat /proc/$!/task/$!/children | tr -d ' '); nsenter -t $c -p -m sh -c 'test $$ -gt 1 && test $$ -lt 30 && echo inside; cut -d" " -f4 /proc/$$/stat'; wait
#: statuses of timeout
timeout 0.1 sleep 5; echo $?; timeout -s KILL 0.1 sleep 5; echo $?; timeout 5 sh -c 'exit 7'; echo $?; timeout --preserve-status 0.1 sleep 5; echo $?
