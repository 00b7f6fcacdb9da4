# Mounts: bind, tmpfs, flags, propagation. Each case begins with "#:" and its name; $PWD is a fresh private tmpfs.
#: a bind mount is the same directory in two places
mkdir a b; echo one >a/f; mount --bind a b
cat b/f; echo two >b/g; cat a/g; umount b; ls b; ls a
#: a file is bound over a file
echo old >f; echo new >g; mount --bind g f; cat f; umount f; cat f
#: a directory is not bound over a file, nor a file over a directory
mkdir d; touch f; mount --bind d f 2>/dev/null || echo refused; mount --bind f d 2>/dev/null || echo refused
#: bind leaves submounts out, rbind takes them
mkdir -p a/sub b c; mount -t tmpfs t a/sub; touch a/sub/f
mount --bind a b; ls b/sub; mount --rbind a c; ls c/sub
#: a read-only bind of a writable directory
mkdir a b; mount --bind a b; mount -o remount,bind,ro b
touch b/f 2>/dev/null || echo refused; touch a/f && ls b
#: mount -o bind,ro in one go
mkdir a b; mount -o bind,ro a b; mkdir b/d 2>/dev/null || echo refused; grep -c "$PWD/b .* ro," /proc/mounts
#: tmpfs keeps to its size
mkdir t; mount -t tmpfs -o size=64k t t; head -c 100000 /dev/zero >t/f 2>err || echo refused; cat err | sed 's/.*: //'
wc -c <t/f; rm t/f; head -c 60000 /dev/zero >t/g && wc -c <t/g
#: tmpfs keeps to its inodes
mkdir t; mount -t tmpfs -o nr_inodes=4 t t; for i in 1 2 3 4 5; do touch t/$i 2>/dev/null || echo no $i; done; ls t
#: tmpfs with a mode and an owner
mkdir t; mount -t tmpfs -o mode=750,uid=12,gid=34 t t; stat -c '%a %u %g' t
#: a mount is moved with what is on it
mkdir a b; mount -t tmpfs t a; touch a/f; mount --move a b; ls a; ls b; grep -c "$PWD/a " /proc/mounts
#: a mount below a shared one is not moved
mkdir s; mount -t tmpfs t s; mount --make-shared s; mkdir s/a s/b; mount -t tmpfs u s/a
mount --move s/a s/b 2>/dev/null || echo refused
#: a mount is not moved into itself
mkdir a; mount -t tmpfs t a; mkdir a/b; mount --move a a/b 2>/dev/null || echo refused
#: umount of a busy mount, and lazily
mkdir a; mount -t tmpfs t a; cd a; touch f; umount "$PWD" 2>/dev/null || echo busy; umount -l "$PWD"; ls; ls ../a
#: an open file keeps a mount busy
mkdir a; mount -t tmpfs t a; echo text >a/f; exec 3<a/f; umount a 2>/dev/null || echo busy; exec 3<&-; umount a && echo gone
#: a mount over a mount hides it
mkdir a; mount -t tmpfs t a; touch a/one; mount -t tmpfs u a; touch a/two; ls a; umount a; ls a; umount a; ls a
#: a submount keeps a mount busy
mkdir a; mount -t tmpfs t a; mkdir a/b; mount -t tmpfs u a/b; umount a 2>/dev/null || echo busy; umount -R a && ls a
#: what is not mounted is not unmounted
mkdir a; umount a 2>/dev/null; echo $?; umount nowhere 2>/dev/null; echo $?
#: unknown filesystem types and missing targets
mkdir a; mount -t nosuchfs n a 2>/dev/null; echo $?; mount -t tmpfs t nowhere 2>/dev/null; echo $?
#: a mountpoint is not removed, renamed or replaced
mkdir a b; mount -t tmpfs t a; rmdir a 2>&1 | sed 's/.*: //'; mv a c 2>&1 | sed 's/.*: //'; mv -T b a 2>&1 | sed 's/.*: //'
#: a bound file is not unlinked
echo x >f; echo y >g; mount --bind g f; rm f 2>&1 | sed 's/.*: //'; cat f
#: no hard links between two mounts of one filesystem
mkdir a b; touch a/f; mount --bind a b; ln a/f b/g 2>&1 | sed 's/.*: //'; ln b/f b/g && ls a
#: mv between mounts copies
mkdir a; mount -t tmpfs t a; echo x >f; mv f a/ && cat a/f; ls f 2>/dev/null || echo moved
#: .. of a mount's root is the mountpoint's parent
mkdir -p a/b; touch a/here; mount -t tmpfs t a/b; cd a/b; ls ..
#: noexec
mkdir a; mount -t tmpfs -o noexec t a; printf '#!/bin/sh\necho ran\n' >a/s; chmod 755 a/s; a/s 2>/dev/null; echo $?; sh a/s
mount -o remount,exec a; a/s
#: nodev
mkdir a; mount -t tmpfs -o nodev t a; mknod a/null c 1 3; echo x 2>/dev/null >a/null || echo refused
#: nosuid, and setuid where it counts
mkdir a; mount -t tmpfs -o suid t a; cp "$(command -v id)" a/id; chmod 4755 a/id
chroot --userspec=1000:1000 / "$PWD/a/id" -u; mount -o remount,nosuid a; chroot --userspec=1000:1000 / "$PWD/a/id" -u
#: setgid program
cp "$(command -v id)" id; chgrp 12 id; chmod 2755 id; chroot --userspec=1000:1000 / "$PWD/id" -g
#: a whole filesystem made read-only
mkdir a; mount -t tmpfs t a; mkdir b; mount --bind a b; mount -o remount,ro a; touch a/f 2>/dev/null || echo refused
touch b/f 2>/dev/null || echo refused
#: shared: what is mounted in one peer appears in the other
mkdir a b; mount -t tmpfs t a; mount --make-shared a; mkdir a/m; mount --bind a b
mount -t tmpfs u a/m; touch a/m/f; ls b/m; umount b/m; ls a/m
#: private: it does not
mkdir a b; mount -t tmpfs t a; mkdir a/m; mount --bind a b; mount -t tmpfs u a/m; touch a/m/f; ls b/m
#: slave: receives, does not send
mkdir a b; mount -t tmpfs t a; mount --make-shared a; mkdir a/m a/n; mount --bind a b; mount --make-slave b
mount -t tmpfs u a/m; touch a/m/f; ls b/m; mount -t tmpfs v b/n; touch b/n/g; ls a/n
#: a private peer no longer receives
mkdir a b; mount -t tmpfs t a; mount --make-shared a; mkdir a/m; mount --bind a b; mount --make-private b
mount -t tmpfs u a/m; touch a/m/f; ls b/m
#: unbindable
mkdir a b; mount -t tmpfs t a; mount --make-unbindable a; mount --bind a b 2>/dev/null || echo refused
#: propagation in mountinfo
mkdir a b c d; mount -t tmpfs t a; mount --make-shared a; mount --bind a b; mount --make-slave b; mount -t tmpfs u c
mount --make-unbindable c; mount -t tmpfs v d
for x in a b c d; do grep " $PWD/$x " /proc/self/mountinfo | sed 's/.*relatime\(.*\) - .*/\1/; s/:[0-9]*/:N/g' | sed "s/^/$x/"; done
#: make-shared is of one mount, make-rshared of those below too
mkdir a; mount -t tmpfs t a; mkdir a/b; mount -t tmpfs u a/b; mount --make-shared a
grep "$PWD/a" /proc/self/mountinfo | grep -c shared; mount --make-rshared a; grep "$PWD/a" /proc/self/mountinfo | grep -c shared
mount --make-rprivate a; grep "$PWD/a" /proc/self/mountinfo | grep -c shared
#: mountinfo names the bound directory as root
mkdir -p a/b/c d; mount -t tmpfs t a; mkdir -p a/x/y; mount --bind a/x/y d; grep " $PWD/d " /proc/self/mountinfo | cut -d' ' -f4,5
#: mount options in /proc/mounts
mkdir a; mount -t tmpfs -o size=1m,mode=700,nosuid,noexec src a; grep " $PWD/a " /proc/mounts | sed 's/,inode64//'
mount -o remount,ro,nosuid,noexec,size=1m a; grep " $PWD/a " /proc/mounts | sed 's/,inode64//'
#: overlay: a whiteout, a copy-up, a new file
mkdir l u w m; echo 1 >l/a; echo 2 >l/b; mount -t overlay overlay -o lowerdir=l,upperdir=u,workdir=w m
rm m/a; echo 3 >>m/b; echo 4 >m/c; ls m; cat m/b; ls u; stat -c '%F %t,%T' u/a; cat l/a l/b
#: overlay: the order of lower directories
mkdir l1 l2 l3 u w m; for i in 1 2 3; do echo $i >l$i/f; touch l$i/g$i; done
mount -t overlay overlay -o lowerdir=l1:l2:l3,upperdir=u,workdir=w m; cat m/f; ls m; rm m/f; cat m/f 2>/dev/null || echo gone
#: overlay: without an upper directory it is read-only
mkdir l1 l2 m; touch l1/a l2/b; mount -t overlay overlay -o lowerdir=l1:l2 m; ls m; touch m/c 2>&1 | sed 's/.*: //'
#: overlay: one lower directory and no upper is refused
mkdir l m; mount -t overlay overlay -o lowerdir=l m 2>/dev/null || echo refused
#: overlay: work directory on another filesystem is refused
mkdir l u w m; mount -t tmpfs t w; mkdir w/w; mount -t overlay overlay -o lowerdir=l,upperdir=u,workdir=w/w m 2>/dev/null || echo refused
#: overlay: a directory made anew is opaque
mkdir -p l/d u w m; touch l/d/old; mount -t overlay overlay -o lowerdir=l,upperdir=u,workdir=w m
rm -r m/d; mkdir m/d; touch m/d/new; ls m/d; ls u/d
#: overlay: rename of a lower directory by mv
mkdir -p l/d u w m; echo x >l/d/f; mount -t overlay overlay -o lowerdir=l,upperdir=u,workdir=w m; mv m/d m/e; ls m; cat m/e/f; stat -c %F u/d
#: overlay: an overlay as the lower directory of another
mkdir l u w m u2 w2 m2; echo 1 >l/f; mount -t overlay one -o lowerdir=l,upperdir=u,workdir=w m; echo 2 >m/g
mount -t overlay two -o lowerdir=m,upperdir=u2,workdir=w2 m2; rm m2/f; ls m2 m; ls u2
#: overlay: a FIFO and a socket-less device go through
mkdir l u w m; mkfifo l/p; mknod l/n c 1 3; mount -t overlay overlay -o lowerdir=l,upperdir=u,workdir=w m
echo hi >m/p & cat m/p; wait; echo x >m/n; cat m/n; ls u
