"""Descriptors, files and standard streams."""
import builtins
import errno
import io
import os
import sys
import types
from _drydock import kernel
from _drydock.kernel import call, down, up, wait, wait_bytes


class KernelRaw(io.RawIOBase):
    def __init__(self, fd, mode, name=None, closefd=True):
        self.fd, self.mode, self.closefd = fd, mode, closefd
        self.name = up(fd) if name is None else name

    def fileno(self):
        if self.closed:
            raise ValueError("I/O operation on closed file")
        return up(self.fd)

    def isatty(self):
        return call("isatty", self.fd)

    def readable(self):
        return "r" in self.mode

    def writable(self):
        return "w" in self.mode

    def readinto(self, buffer):
        data = wait_bytes("read", self.fd, min(len(buffer), 65536))
        buffer[: len(data)] = data
        return len(data)

    def write(self, data):
        data = bytes(data)
        if data:
            wait("write", self.fd, data=data)
        return len(data)

    def close(self):
        if not self.closed:
            super().close()
            if self.closefd:
                call("close", self.fd)


def open_stdio(unbuffered):
    def reader(fd, name):
        raw = KernelRaw(fd, "r", name, False)
        return io.TextIOWrapper(io.BufferedReader(raw), encoding="utf-8", errors="strict", line_buffering=raw.isatty())

    def writer(fd, name, errors, line):
        raw = KernelRaw(fd, "w", name, False)
        line = line or raw.isatty()
        buffer = raw if unbuffered else io.BufferedWriter(raw)
        return io.TextIOWrapper(buffer, encoding="utf-8", errors=errors, line_buffering=line, write_through=unbuffered)

    sys.stdin = sys.__stdin__ = reader(0, "<stdin>")
    sys.stdout = sys.__stdout__ = writer(1, "<stdout>", "strict", False)
    sys.stderr = sys.__stderr__ = writer(2, "<stderr>", "backslashreplace", True)


def input(prompt="", /):
    sys.stderr.flush()
    sys.stdout.write(str(prompt))
    sys.stdout.flush()
    line = sys.stdin.readline()
    if not line:
        raise EOFError("EOF when reading a line")
    return line[:-1] if line.endswith("\n") else line


builtins.input = input
_open, _os = io.open, types.SimpleNamespace(**{n: getattr(os, n) for n in ("read", "write", "close", "chdir", "fstat", "dup", "dup2", "isatty", "access", "stat")})


def open_(file, mode="r", buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None):
    if not isinstance(file, int) or isinstance(file, bool) or down(file) is None:
        return _open(file, mode, buffering, encoding, errors, newline, closefd, opener)
    raw = KernelRaw(down(file), "r" if "r" in mode else "w", closefd=closefd)
    if buffering == 0:
        return raw
    buffer = io.BufferedReader(raw) if "r" in mode else io.BufferedWriter(raw)
    if "b" in mode:
        return buffer
    return io.TextIOWrapper(buffer, encoding, errors, newline, line_buffering=buffering == 1 or raw.isatty())


io.open = builtins.open = open_


def _read(fd, n):
    return _os.read(fd, n) if down(fd) is None else wait_bytes("read", down(fd), n)


def _write(fd, data):
    if down(fd) is None:
        return _os.write(fd, data)
    data = bytes(data)
    wait("write", down(fd), data=data)
    return len(data)


def _close(fd):
    return _os.close(fd) if down(fd) is None else call("close", down(fd))


def _dup(fd):
    return _os.dup(fd) if down(fd) is None else up(call("dup", down(fd)))


def _dup2(fd, to, inheritable=True):
    """Onto a descriptor of the kernel's. A file of the interpreter's own is one of the kernel's too, by another number."""
    if down(to) is None:
        return _os.dup2(fd, to)
    call("dup2", kernel.host.shared(fd) if down(fd) is None else down(fd), down(to))
    return to


def _pipe():
    r, w = call("pipe")
    for fd in (r, w):
        call("cloexec", fd, True)
    return up(r), up(w)


def _chdir(path):
    call("chdir", os.fspath(path), path=path)
    _os.chdir(call("getcwd"))


def _access(path, mode, *, dir_fd=None, effective_ids=False, follow_symlinks=True):
    try:
        call("access", os.fspath(path), mode)
        return True
    except OSError:
        return False


def _stat_of(fd):
    s = call("fstat", fd)
    t = [s[k]["sec"] for k in ("atime", "mtime", "ctime")]
    return os.stat_result((s["mode"], s["ino"], s["dev"], s["nlink"], s["uid"], s["gid"], s["size"], *t))


def _terminal_size(fd=1):
    if not call("isatty", fd):
        raise OSError(errno.ENOTTY, os.strerror(errno.ENOTTY))
    size = call("winsize", fd)
    return os.terminal_size((size["columns"], size["rows"]))


for name, value in {
    "read": _read,
    "write": _write,
    "close": _close,
    "dup": _dup,
    "dup2": _dup2,
    "pipe": _pipe,
    "chdir": _chdir,
    "access": _access,
    "fstat": lambda fd: _os.fstat(fd) if down(fd) is None else _stat_of(down(fd)),
    "isatty": lambda fd: down(fd) is not None and call("isatty", down(fd)),
    "set_inheritable": lambda fd, on: call("cloexec", down(fd), not on) if down(fd) is not None else None,
    "get_inheritable": lambda fd: fd <= 2,
    "set_blocking": lambda fd, on: call("nonblock", down(fd), not on),
    "fdopen": open_,
    "get_terminal_size": _terminal_size,
    "umask": lambda mask: call("umask", mask),
    "chown": lambda path, uid, gid, **_: call("chown", os.fspath(path), uid, gid, path=path),
    "link": lambda src, dst, **_: call("link", os.fspath(src), os.fspath(dst), path=src),
}.items():
    setattr(os, name, value)
