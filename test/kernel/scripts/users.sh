# Users: maps of user namespaces, capabilities, permissions.
#: maps are written once, from outside
unshare -U sh -c 'touch up; while ! test -e go; do sleep 0.05; done; id -u; id -g; cat /proc/self/uid_map; touch mine; stat -c "%u %g" mine' & while ! test -e up; do sleep 0.05; done
echo '5 0 1' >/proc/$!/uid_map; echo '6 0 1' >/proc/$!/gid_map; (echo '0 0 1' >/proc/$!/uid_map) 2>/dev/null || echo refused; touch go; wait; stat -c '%u %g' mine
#: a map of several ranges
unshare -U sh -c 'touch up; while ! test -e go; do sleep 0.05; done; cat /proc/self/uid_map; touch f; chown 3:4 f; stat -c "%u %g" f; chown 70000 f 2>/dev/null || echo refused' & while ! test -e up; do sleep 0.05; done
printf '0 0 1\n1 100000 65535\n' >/proc/$!/uid_map; printf '0 0 1\n1 200000 65535\n' >/proc/$!/gid_map; touch go; wait; stat -c '%u %g' f
#: maps that are none
unshare -U sh -c 'touch up; sleep 1' & while ! test -e up; do sleep 0.05; done
for m in '0 0' '0 0 0' 'x 0 1' '0 0 1 1'; do (echo "$m" >/proc/$!/uid_map) 2>/dev/null || echo refused; done; (printf '0 0 5\n3 10 5\n' >/proc/$!/uid_map) 2>/dev/null || echo overlap; kill $!
#: an unprivileged user gives up setgroups before it maps a group
chmod 777 .; chroot --userspec=1000:1000 / sh -c 'cd /tmp/k; exec unshare -U sh -c "touch up; while ! test -e go; do sleep 0.05; done; id -u; id -g"' & while ! test -e up; do sleep 0.05; done
chroot --userspec=1000:1000 / sh -c "(echo '0 1000 1' >/proc/$!/gid_map) 2>/dev/null || echo refused; (echo deny >/proc/$!/setgroups) && echo given up; echo '0 1000 1' >/proc/$!/gid_map; (echo '0 0 1' >/proc/$!/uid_map) 2>/dev/null || echo not root; echo '0 1000 1' >/proc/$!/uid_map; (echo allow >/proc/$!/setgroups) 2>/dev/null || echo for good; cat /proc/$!/uid_map /proc/$!/setgroups"; touch go; wait
#: a namespace in a namespace
unshare -Ur unshare -Ur sh -c 'id -u; cat /proc/self/uid_map; grep CapEff /proc/self/status'
#: its root has no power over what is not its own
touch f; chown 5 f; unshare -Ur sh -c 'chown 0 f 2>/dev/null || echo no chown; cat f; hostname x 2>/dev/null || echo no hostname; mount -t tmpfs t /mnt 2>/dev/null || echo no mount; mknod n c 1 3 2>/dev/null || echo no device; chmod 600 f 2>/dev/null || echo no chmod'
#: mounts that came along are locked
mkdir a b; mount -t tmpfs t a; mount -t tmpfs -o ro u b; unshare -Urm sh -c 'umount a 2>/dev/null || echo kept; mount -o remount,bind,rw b 2>/dev/null || echo read-only; mount -t tmpfs v a && umount a && echo own'
#: ids over the edge
unshare -Ur sh -c 'chown 1 . 2>&1 | sed "s/.*: //"; stat -c %u /proc/1 /'
#: a directory that is not searched
mkdir -m 700 d; echo x >d/f; chmod 755 .; chroot --userspec=7:8 / sh -c "cat $PWD/d/f 2>&1 | sed 's/.*: //'; ls $PWD/d 2>&1 | sed 's/.*: //'; test -e $PWD/d/f || echo unseen"; chmod 711 d; chroot --userspec=7:8 / sh -c "cat $PWD/d/f; ls $PWD/d 2>&1 | sed 's/.*: //'"
#: groups count, the first that matches decides
chmod 755 .; echo x >f; chown 7:9 f; chmod 040 f; chroot --userspec=7:9 / cat $PWD/f 2>&1 | sed 's/.*: //'; chroot --userspec=6:5 --groups=9 / cat $PWD/f; chroot --userspec=6:5 / cat $PWD/f 2>&1 | sed 's/.*: //'; chmod 604 f; chroot --userspec=6:9 / cat $PWD/f 2>&1 | sed 's/.*: //'
#: who gives a file away
chmod 777 .; chroot --userspec=7:8 --groups=9 / sh -c "cd $PWD; touch f; chgrp 9 f && echo own group; chgrp 10 f 2>&1 | sed 's/.*: //'; chown 8 f 2>&1 | sed 's/.*: //'; chmod 4755 f; chgrp 8 f; stat -c '%a %u %g' f"; touch g; chroot --userspec=7:8 / chmod 777 $PWD/g 2>&1 | sed 's/.*: //'
#: root executes what somebody may execute
printf '#!/bin/sh\necho ran\n' >s; chmod 600 s; ./s 2>/dev/null; echo $?; chmod 601 s; ./s; chmod 000 s; cat s | wc -l
#: umask is inherited
umask 077; sh -c 'umask; grep Umask /proc/self/status; umask 0; mkdir d; touch f; stat -c %a d f'; umask; touch g; stat -c %a g; mkdir -m 777 e; stat -c %a e
#: capabilities are dropped for good
setpriv --bounding-set=-all --inh-caps=-all sh -c 'grep -E "^Cap(Prm|Eff|Bnd)" /proc/self/status; cat /proc/self/status >/dev/null; mount -t tmpfs t . 2>/dev/null || echo no mount'; setpriv --bounding-set=-net_raw,-sys_admin sh -c 'unshare -u true 2>/dev/null || echo refused'
#: root without the override
echo secret >f; chown 5 f; chmod 600 f; setpriv --bounding-set=-dac_override,-dac_read_search cat f 2>&1 | sed 's/.*: //'; setpriv --bounding-set=-fowner chmod 644 f 2>&1 | sed 's/.*: //'; setpriv --bounding-set=-chown chown 6 f 2>&1 | sed 's/.*: //'; cat f
#: who leaves root leaves its capabilities
setpriv --reuid=7 --regid=8 --clear-groups sh -c 'id -u; id -g; id -G; grep -E "^Cap(Prm|Eff)" /proc/self/status'
#: no new privileges
chmod 755 .; cp /usr/bin/id id; chmod 4755 id; setpriv --reuid=7 --regid=8 --clear-groups ./id -u; setpriv --no-new-privs --reuid=7 --regid=8 --clear-groups ./id -u; setpriv --no-new-privs grep NoNewPrivs /proc/self/status
