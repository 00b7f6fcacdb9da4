"""Tracebacks as they are printed on Linux."""
import errno
import sys
import traceback
from _drydock.kernel import start


def location(text):
    library = start["library"]
    return text.replace("/lib/python314.zip/", library + "/").replace(start["path"][0] + "/", library + "/")


linux = {"ENOENT": 2, "EACCES": 13, "EEXIST": 17, "ENOTDIR": 20, "EISDIR": 21, "EPERM": 1, "ECONNREFUSED": 111, "EADDRINUSE": 98,
         "EPIPE": 32, "ENOTEMPTY": 39, "EROFS": 30, "ENOSPC": 28, "ECONNRESET": 104, "EHOSTUNREACH": 113, "ENETUNREACH": 101,
         "EADDRNOTAVAIL": 99, "EINVAL": 22, "EBADF": 9, "ETIMEDOUT": 110, "EXDEV": 18, "ECHILD": 10}  # fmt: skip
numbers = {getattr(errno, name): number for name, number in linux.items()}


def without_us(told, seen):
    """Takes our own frames out, and the marks under code that older versions did not print."""
    if told is None or id(told) in seen:
        return
    seen.add(id(told))
    old = tuple(int(n) for n in start["version"].split(".")[:2]) < (3, 11)
    frames = [f for f in told.stack if not f.filename.startswith("<_drydock")]
    if old:
        frames = [traceback.FrameSummary(f.filename, f.lineno, f.name, line=f.line) for f in frames]
    told.stack[:] = frames
    without_us(told.__cause__, seen)
    without_us(told.__context__, seen)
    for one in told.exceptions or ():
        without_us(one, seen)


def shown(kind, value, tb):
    told = traceback.TracebackException(kind, value, tb)
    without_us(told, set())
    text = location("".join(told.format()))
    if isinstance(value, OSError) and value.errno in numbers:
        text = text.replace(f"[Errno {value.errno}]", f"[Errno {numbers[value.errno]}]")
    return text


def excepthook(kind, value, tb):
    sys.stdout.flush()
    sys.stderr.write(shown(kind, value, tb))
    sys.stderr.flush()


def begin():
    sys.excepthook = sys.__excepthook__ = excepthook

