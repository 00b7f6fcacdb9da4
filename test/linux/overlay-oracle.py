"""Carries out overlay cases on the real kernel. Run as root in a mount namespace of its own:
unshare -m python3 overlay-oracle.py < cases.json > answers.json
A case: {"layers": n, "setup": [op...], "ops": [op...]}; an op: [name, arg...], paths relative to the case's directory,
where l0 is the lowest layer, u the upper one, w the workdir, m the merged view.
"""
import errno, json, os, stat, subprocess, sys, tempfile


def write(path, text):
    with open(path, 'w') as f:
        f.write(text)


def append(path, text):
    fd = os.open(path, os.O_WRONLY | os.O_APPEND)
    os.write(fd, text.encode())
    os.close(fd)


RUN = {
    'write': write,
    'append': append,
    'mkdir': lambda p: os.mkdir(p, 0o755),
    'rmdir': os.rmdir,
    'unlink': os.unlink,
    'rename': os.rename,
    'link': lambda a, b: os.link(a, b, follow_symlinks=False),
    'symlink': os.symlink,
    'chmod': lambda p, mode: os.chmod(p, mode),
    'chown': lambda p, uid, gid: os.lchown(p, uid, gid),
    'truncate': os.truncate,
    'mknod': lambda p, mode, rdev: os.mknod(p, mode, os.makedev(rdev >> 8, rdev & 255)),
    'setxattr': lambda p, name, value: os.setxattr(p, name, value.encode(), follow_symlinks=False),
    'removexattr': lambda p, name: os.removexattr(p, name, follow_symlinks=False),
}


def xattrs(path):
    out = []
    if os.path.islink(path):
        return out
    for name in sorted(os.listxattr(path, follow_symlinks=False)):
        if name in ('trusted.overlay.origin', 'trusted.overlay.impure', 'trusted.overlay.uuid'):
            continue
        out.append(name + '=' + os.getxattr(path, name, follow_symlinks=False).decode())
    return out


def picture(root, links):
    out = []

    def visit(path, shown):
        for name in sorted(os.listdir(path), key=os.fsencode):
            full, rel = os.path.join(path, name), shown + '/' + name
            s = os.lstat(full)
            line = [rel, oct(s.st_mode)[2:], '%d:%d' % (s.st_uid, s.st_gid)]
            if not stat.S_ISDIR(s.st_mode):
                line.append('n%d' % s.st_nlink)
            if stat.S_ISREG(s.st_mode):
                line.append(open(full, errors='replace').read())
            if stat.S_ISLNK(s.st_mode):
                line.append(os.readlink(full))
            if stat.S_ISCHR(s.st_mode):
                line.append('%d,%d' % (os.major(s.st_rdev), os.minor(s.st_rdev)))
            line += xattrs(full)
            out.append(' '.join(line))
            if stat.S_ISDIR(s.st_mode):
                visit(full, rel)

    visit(root, '')
    return out


def attempt(op):
    try:
        RUN[op[0]](*op[1:])
        return 'ok'
    except OSError as e:
        return errno.errorcode[e.errno]


def run(case):
    base = tempfile.mkdtemp(dir=TOP)
    os.chdir(base)
    lower = ['l%d' % n for n in range(case['layers'])]
    for name in lower + ['u', 'w', 'm']:
        os.mkdir(name, 0o755)
    for op in case['setup']:
        RUN[op[0]](*op[1:])
    options = 'lowerdir=%s,upperdir=u,workdir=w,index=off,metacopy=off,redirect_dir=off,xino=off' % ':'.join(reversed(lower))
    subprocess.run(['mount', '-t', 'overlay', 'overlay', '-o', options, 'm'], check=True)
    inodes = {}
    before = {p: os.lstat(p).st_ino for p in case.get('inodes', [])}
    outcomes = [attempt(op) for op in case['ops']]
    kept = [os.lstat(p).st_ino == before[p] for p in case.get('inodes', []) if os.path.lexists(p)]
    answer = {'outcomes': outcomes, 'merged': picture('m', True), 'upper': picture('u', True), 'kept': kept}
    os.chdir('/')
    subprocess.run(['umount', base + '/m'], check=True)
    return answer


TOP = tempfile.mkdtemp()
subprocess.run(['mount', '-t', 'tmpfs', 'tmpfs', TOP], check=True)
os.umask(0o022)
json.dump([run(case) for case in json.load(sys.stdin)], sys.stdout)
os.chdir('/')
subprocess.run(['umount', TOP], check=True)
os.rmdir(TOP)
