"""CPython's edge to the simulated kernel: descriptors, sockets, processes, time and signals as the container has them.

Differs from Linux: errno's numbers are WebAssembly's (shown as Linux's in tracebacks); there are no threads and no fork;
the language is that of the interpreter in use whatever version the image is said to have.
Kernel descriptors above 2 are numbered from `shift`, apart from those of the interpreter's own table.
"""
import _drydock
import asyncio
import atexit
import builtins
import errno
import io
import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
import types
from pyodide.ffi import can_run_sync, run_sync, to_js

start = json.loads(_drydock.start)
shift = 1000
zip_path = start["path"][0]
library = start["library"]


def _result(answer, path=None):
    code, value, data = answer
    if code:
        number = getattr(errno, code, errno.EIO)
        raise OSError(number, os.strerror(number), *([path] if path is not None else []))
    return bytes(data) if len(data) else json.loads(value), data


def call(op, *args, data=None, path=None):
    text = json.dumps([op, *args])
    answer = _drydock.call(text) if data is None else _drydock.call(text, to_js(data))
    return _result(answer, path)[0]


def check_signals():
    """Runs the handlers of what has come, from here: through JavaScript they could not sleep."""
    while signum := _drydock.pending():
        handler = signal.getsignal(signum)
        if callable(handler):
            handler(signum, sys._getframe(1))


page_policy = types.SimpleNamespace(get_event_loop=lambda loop=_drydock.blocks or asyncio.get_event_loop(): loop)


def wait_raw(op, *args, data=None):
    text = json.dumps([op, *args])
    arguments = (text,) if data is None else (text, to_js(data))
    if _drydock.blocks:
        return _drydock.wait(*arguments)
    # Promises ask for the current event loop: there must be one, whatever the program has.
    policy, asyncio.events._event_loop_policy = asyncio.events._event_loop_policy, page_policy
    try:
        return run_sync(_drydock.wait(*arguments))
    finally:
        asyncio.events._event_loop_policy = policy
        _drydock.awake()


def wait(op, *args, data=None, path=None):
    """A call that may sleep; goes on after a signal whose handler did not raise (PEP 475)."""
    while True:
        answer = wait_raw(op, *args, data=data)
        if answer[0] != "EINTR":
            check_signals()
            return _result(answer, path)[0]
        check_signals()


def wait_bytes(op, *args):
    got = wait(op, *args)
    return got if isinstance(got, bytes) else b""


def down(fd):
    """The kernel's number of a descriptor; None when it is the interpreter's own."""
    if not isinstance(fd, int):
        fd = fd.fileno()
    return fd if 0 <= fd <= 2 else fd - shift if fd >= shift else None


def up(fd):
    return fd if fd <= 2 else fd + shift


# ---- descriptors
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
_open, _os = io.open, types.SimpleNamespace(**{n: getattr(os, n) for n in ("read", "write", "close", "chdir", "fstat", "dup", "isatty", "access", "stat")})


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


def _pipe():
    r, w = call("pipe")
    for fd in (r, w):
        call("cloexec", fd, True)
    return up(r), up(w)


def _chdir(path):
    _os.chdir(path)
    call("chdir", os.getcwd())


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


ids = lambda name: lambda: call("ids")[name]  # noqa: E731
uname = call("uname")
for name, value in {
    "read": _read,
    "write": _write,
    "close": _close,
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
    "getpid": lambda: start["pid"],
    "getppid": ids("ppid"),
    "getuid": ids("uid"),
    "geteuid": ids("euid"),
    "getgid": ids("gid"),
    "getegid": ids("egid"),
    "getgroups": ids("groups"),
    "getpgrp": ids("pgid"),
    "setuid": lambda uid: call("setuid", uid),
    "setgid": lambda gid: call("setgid", gid),
    "getlogin": lambda: "root",
    "kill": lambda pid, sig: (call("kill", pid, int(sig)), check_signals())[1],
    "uname": lambda: os.uname_result(tuple(uname[k] for k in ("sysname", "nodename", "release", "version", "machine"))),
    "cpu_count": lambda: 4,
}.items():
    setattr(os, name, value)
os.environ.clear()
os.environ.update(start["env"])


# ---- time
def sleep(seconds):
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    until = time.monotonic() + seconds
    while True:
        answer = wait_raw("sleep", max(0, (until - time.monotonic()) * 1000) if seconds else 0)
        check_signals()
        if answer[0] != "EINTR":
            return


time.sleep = sleep


# ---- signals
_signal = signal.signal


def set_signal(signum, handler):
    old = _signal(signum, handler)
    how = "ignore" if handler == signal.SIG_IGN else "default" if handler == signal.SIG_DFL else "handle"
    call("sigaction", int(signum), how)
    return old


signal.signal = set_signal
signal.alarm = lambda seconds: call("alarm", seconds)
signal.pause = lambda: (wait_raw("pause"), check_signals())[1]
signal.raise_signal = lambda signum: os.kill(os.getpid(), signum)
signal.set_wakeup_fd = lambda fd, **_: -1
signal.siginterrupt = lambda signum, flag: None
_signal(signal.SIGINT, signal.default_int_handler)
if not start["ignoresInterrupt"]:
    call("sigaction", int(signal.SIGINT), "handle")

turns = [0]


def give_way(signum, frame):
    """Where the interpreter shares the kernel's thread: lets everybody else run, 20 times a second."""
    if can_run_sync():
        wait_raw("preempt")


if not _drydock.blocks:
    _signal(signal.SIGURG, give_way)


# ---- sockets
_std = socket.socket
if not hasattr(socket, "AF_UNIX"):
    socket.AF_UNIX = 1
kinds = {int(socket.SOCK_STREAM): "stream", int(socket.SOCK_DGRAM): "dgram"}


class Socket:
    """socket.socket over the kernel's sockets."""

    def __init__(self, family=-1, type=-1, proto=0, fileno=None):
        self.family = socket.AF_INET if family in (-1, 0, socket.AF_INET6) else family
        self.type = socket.SocketKind(1 if type == -1 else type & 0xF)
        self.proto, self._timeout = proto, socket.getdefaulttimeout()
        self._io_refs, self._closed = 0, False
        if fileno is None:
            unix = self.family == socket.AF_UNIX
            if int(self.type) not in kinds:
                raise OSError(errno.EPROTONOSUPPORT, os.strerror(errno.EPROTONOSUPPORT))
            self.fd = call("socket", "unix" if unix else "inet", kinds[int(self.type)])
        else:
            self.fd = fileno - shift if fileno >= shift else fileno

    __enter__ = lambda self: self  # noqa: E731
    __exit__ = lambda self, *_: self.close()  # noqa: E731
    makefile, _decref_socketios, detach_ = _std.makefile, _std._decref_socketios, None

    def __repr__(self):
        state = "[closed]" if self._closed else ""
        return f"<socket.socket {state} fd={self.fd}, family={int(self.family)}, type={int(self.type)}, proto={self.proto}>"

    def fileno(self):
        return -1 if self.fd is None else up(self.fd)

    def _ready(self, **what):
        if self.fd is None:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        if self._timeout is None:
            return
        if not wait("poll", [{"fd": self.fd, **what}], int(self._timeout * 1000)):
            if self._timeout == 0:
                raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
            raise TimeoutError("timed out")

    def _address(self, address):
        if isinstance(address, (str, bytes)):
            return os.fsdecode(address)
        host, port = address[:2]
        return [resolve(host)[0] if host else "0.0.0.0", port]

    def bind(self, address):
        call("bind", self.fd, self._address(address))

    def listen(self, backlog=128):
        call("listen", self.fd, backlog)

    def accept(self):
        self._ready(read=True)
        got = wait("accept", self.fd)
        child = Socket(self.family, self.type, self.proto, up(got["fd"]))
        peer = got["peer"]
        return child, (tuple(peer) if isinstance(peer, list) else peer)

    def connect(self, address):
        ms = None if self._timeout is None else max(1, int(self._timeout * 1000))
        try:
            wait("connect", self.fd, self._address(address), ms)
        except OSError as e:
            if self._timeout and e.errno == errno.ETIMEDOUT:
                raise TimeoutError("timed out") from None
            raise

    def connect_ex(self, address):
        try:
            self.connect(address)
            return 0
        except OSError as e:
            return e.errno

    def recv(self, size, flags=0):
        self._ready(read=True)
        if self.type == socket.SOCK_DGRAM:
            return self.recvfrom(size)[0]
        if flags & getattr(socket, "MSG_PEEK", 2):
            raise OSError(errno.EOPNOTSUPP, "drydock: MSG_PEEK is not simulated")
        return wait_bytes("read", self.fd, size)

    def recv_into(self, buffer, size=0, flags=0):
        data = self.recv(size or len(buffer), flags)
        memoryview(buffer).cast("B")[: len(data)] = data
        return len(data)

    def recvfrom(self, size, flags=0):
        self._ready(read=True)
        answer = None
        while answer is None or answer[0] == "EINTR":
            answer = wait_raw("recvfrom", self.fd, size)
            check_signals()
        _result(answer)
        peer = json.loads(answer[1])["from"]
        return bytes(answer[2]), (tuple(peer) if isinstance(peer, list) else peer)

    def send(self, data, flags=0):
        self.sendall(data)
        return len(data)

    def sendall(self, data, flags=0):
        if self.fd is None:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        wait("write", self.fd, data=bytes(data))

    def sendto(self, data, *rest):
        return wait("sendto", self.fd, self._address(rest[-1]), data=bytes(data))

    def sendfile(self, file, offset=0, count=None):
        file.seek(offset)
        data = file.read() if count is None else file.read(count)
        self.sendall(data)
        return len(data)

    def shutdown(self, how):
        call("shutdown", self.fd, ("read", "write", "both")[how])

    def _named(self, op):
        address = call(op, self.fd)
        return tuple(address) if isinstance(address, list) else address

    def getsockname(self):
        try:
            return self._named("getsockname")
        except OSError:
            return ("0.0.0.0", 0)

    def getpeername(self):
        return self._named("getpeername")

    def setsockopt(self, *_):
        pass

    def getsockopt(self, level, option, size=None):
        return int(self.type) if option == socket.SO_TYPE else 0

    def settimeout(self, seconds):
        self._timeout = seconds

    def gettimeout(self):
        return self._timeout

    def setblocking(self, on):
        self._timeout = None if on else 0.0

    def getblocking(self):
        return self._timeout != 0

    timeout = property(gettimeout)

    def dup(self):
        return Socket(self.family, self.type, self.proto, up(call("dup", self.fd)))

    def detach(self):
        fd, self.fd, self._closed = self.fileno(), None, True
        return fd

    def close(self):
        self._closed = True
        if self._io_refs <= 0:
            self._real_close()

    def _real_close(self, _=None):
        fd, self.fd = self.fd, None
        if fd is not None:
            call("close", fd)

    def set_inheritable(self, on):
        call("cloexec", self.fd, not on)

    def get_inheritable(self):
        return False

    def __del__(self):
        try:
            self._real_close()
        except Exception:
            pass


def resolve(host):
    host = os.fsdecode(host) if isinstance(host, bytes) else host
    got = wait("resolve", host)
    if got.get("failure"):
        code = -2 if got["failure"] == "EAI_NONAME" else -3
        text = "Name or service not known" if code == -2 else "Temporary failure in name resolution"
        raise socket.gaierror(code, text)
    return got["addresses"]


services = {"http": 80, "https": 443, "ssh": 22, "redis": 6379, "postgresql": 5432, "mysql": 3306}


def getaddrinfo(host, port, family=0, type=0, proto=0, flags=0):
    if isinstance(port, (str, bytes)):
        port = int(port) if str(port).isdigit() else services.get(port, 0)
    found = resolve(host) if host else ["0.0.0.0" if flags & 1 else "127.0.0.1"]
    types_ = [type] if type else [1, 2]
    return [
        (socket.AF_INET, socket.SocketKind(t & 0xF), 6 if t & 0xF == 1 else 17, "", (one, port or 0))
        for one in found
        for t in types_
    ]


def socketpair(family=None, type=1, proto=0):
    a, b = call("socketpair")
    return Socket(socket.AF_UNIX, type, proto, up(a)), Socket(socket.AF_UNIX, type, proto, up(b))


socket.socket = socket.SocketType = Socket
socket.getaddrinfo = getaddrinfo
socket.gethostbyname = lambda host: resolve(host)[0]
socket.gethostbyname_ex = lambda host: (host, [], resolve(host))
socket.gethostname = lambda: call("uname")["nodename"]
socket.getfqdn = lambda name="": name if name and name not in ("0.0.0.0", "::") else call("uname")["nodename"]
socket.socketpair = socketpair
socket.fromfd = lambda fd, family, type, proto=0: Socket(family, type, proto, up(call("dup", down(fd))))
socket.has_ipv6 = False
socket.has_dualstack_ipv6 = lambda: False


class KernelSelector(selectors._BaseSelectorImpl):
    def select(self, timeout=None):
        wish = [
            {"fd": down(k.fd), "read": bool(k.events & 1), "write": bool(k.events & 2)} for k in self.get_map().values()
        ]
        ms = None if timeout is None else max(0, int(timeout * 1000))
        ready = []
        for one in wait("poll", wish, ms) or ():
            key = self._fd_to_key.get(up(one["fd"]))
            if not key:
                continue
            broken = one.get("hangup") or one.get("error")
            events = (1 if one.get("read") or broken else 0) | (2 if one.get("write") or one.get("error") else 0)
            if events & key.events:
                ready.append((key, events & key.events))
        return ready


selectors.DefaultSelector = selectors.PollSelector = selectors.SelectSelector = KernelSelector
subprocess._PopenSelector = KernelSelector


def select(reads, writes, others, timeout=None):
    wish = [{"fd": down(f), "read": True} for f in reads] + [{"fd": down(f), "write": True} for f in writes]
    got = wait("poll", wish, None if timeout is None else max(0, int(timeout * 1000))) or ()
    can = lambda kind: {one["fd"] for one in got if one.get(kind) or one.get("hangup") or one.get("error")}  # noqa: E731
    return [f for f in reads if down(f) in can("read")], [f for f in writes if down(f) in can("write")], []


sys.modules["select"].select = select


# ---- processes
def encode(result):
    return (result["code"] or 0) << 8 if "signal" not in result else result["signal"]


def waitpid(pid, options):
    got = wait("wait", pid, bool(options & 1))
    return (got["pid"], encode(got)) if got else (0, 0)


def status_to_code(status):
    return -(status & 0x7F) if status & 0x7F else status >> 8


def find(name, env):
    if "/" in name:
        return name
    for directory in (env or os.environ).get("PATH", "/bin:/usr/bin").split(":"):
        path = f"{directory or '.'}/{name}"
        if os.path.isfile(path) and os.access(path, 1):
            return path
    return name


def execute_child(
    self, args, executable, preexec_fn, close_fds, pass_fds, cwd, env, startupinfo, creationflags, shell,
    p2cread, p2cwrite, c2pread, c2pwrite, errread, errwrite, *rest,
):  # fmt: skip
    args = [args] if isinstance(args, (str, bytes, os.PathLike)) else list(args)
    args = [os.fsdecode(one) for one in args]
    if shell:
        args = [executable or "/bin/sh", "-c", *args]
    path = find(os.fsdecode(executable) if executable and not shell else args[0], env)
    if preexec_fn:
        raise OSError(errno.ENOSYS, "drydock: preexec_fn is not simulated")
    wanted = [(0, p2cread), (1, c2pwrite), (2, errwrite)]
    wish = {
        "env": {os.fsdecode(k): os.fsdecode(v) for k, v in (env if env is not None else os.environ).items()},
        "cwd": os.fspath(cwd) if cwd is not None else None,
        "fds": [[child, down(fd)] for child, fd in wanted if fd != -1],
        "close": [],
        "session": bool(rest[5] if len(rest) > 5 else False),
    }
    try:
        self.pid = wait("spawn", path, args, wish)
    except OSError as e:
        self.returncode = None
        raise OSError(e.errno, e.strerror, args[0]) from None
    finally:
        for fd in (p2cread, c2pwrite, errwrite):
            if fd not in (-1, 0, 1, 2):
                os.close(fd)
    self._child_created = True


subprocess._can_fork_exec = True
subprocess.Popen._execute_child = execute_child
subprocess.Popen._get_devnull = lambda self: up(call("open", "/dev/null", 2, 0))
safe = subprocess._del_safe
safe.waitpid, safe.waitstatus_to_exitcode, safe.WNOHANG, safe.WIFSTOPPED = waitpid, status_to_code, 1, lambda s: False
safe.ECHILD = errno.ECHILD


def system(command):
    pid = wait("spawn", "/bin/sh", ["sh", "-c", command], {"env": dict(os.environ), "fds": [], "close": [], "session": False})
    return waitpid(pid, 0)[1]


def execve(path, args, env):
    sys.stdout.flush()
    wait("exec", os.fsdecode(path), [os.fsdecode(a) for a in args], dict(env), path=path)


def no_fork():
    raise OSError(errno.ENOSYS, "drydock: fork is not simulated")


for name, value in {
    "system": system,
    "waitpid": waitpid,
    "wait": lambda: waitpid(-1, 0),
    "waitstatus_to_exitcode": status_to_code,
    "WIFEXITED": lambda s: not s & 0x7F,
    "WEXITSTATUS": lambda s: s >> 8,
    "WIFSIGNALED": lambda s: bool(s & 0x7F),
    "WTERMSIG": lambda s: s & 0x7F,
    "WIFSTOPPED": lambda s: False,
    "WNOHANG": 1,
    "execve": execve,
    "execv": lambda path, args: execve(path, args, os.environ),
    "fork": no_fork,
}.items():
    setattr(os, name, value)
os.popen = lambda cmd, mode="r", buffering=-1: subprocess.Popen(
    cmd, shell=True, text=True, stdout=subprocess.PIPE if mode == "r" else None, stdin=subprocess.PIPE if mode == "w" else None
).__getattribute__("stdout" if mode == "r" else "stdin")


# ---- the library's servers
def serve_forever(self, poll_interval=0.5, step=None):
    """Sleeps until somebody connects; wakes in between only when there is something to do."""
    import socketserver

    own = type(self).service_actions is not socketserver.BaseServer.service_actions
    self._BaseServer__shutdown_request = False
    with KernelSelector() as selector:
        selector.register(self, 1)
        while not self._BaseServer__shutdown_request:
            ready = selector.select(poll_interval if own or step else None)
            if self._BaseServer__shutdown_request:
                break
            if ready:
                self._handle_request_noblock()
            self.service_actions()
            if step:
                step()


def patch_servers():
    import http.server
    import socketserver

    def process_request(self, request, client_address):
        """Differs from Linux: one request after the other, as there are no threads."""
        request.alone = True
        self.process_request_thread(request, client_address)

    def handle(self):
        self.close_connection = True
        self.handle_one_request()
        while not self.close_connection and not getattr(self.connection, "alone", False):
            self.handle_one_request()

    socketserver.BaseServer.serve_forever = serve_forever
    socketserver.ThreadingMixIn.process_request = process_request
    socketserver._ServerSelector = KernelSelector
    http.server.BaseHTTPRequestHandler.handle = handle


def patch_reloader():
    import werkzeug._reloader as reloading

    def run_with_reloader(main_func, extra_files=None, exclude_patterns=None, interval=1, reloader_type="auto"):
        """Differs from Linux: looks for changes between requests, as there are no threads."""
        import socketserver

        set_signal(signal.SIGTERM, lambda *args: sys.exit(0))
        reloader = reloading.reloader_loops["stat" if reloader_type == "auto" else reloader_type](
            extra_files=extra_files, exclude_patterns=exclude_patterns, interval=interval
        )
        if os.environ.get("WERKZEUG_RUN_MAIN") != "true":
            try:
                sys.exit(reloader.restart_with_reloader())
            except KeyboardInterrupt:
                return
        with reloader:
            socketserver.BaseServer.serve_forever = lambda self, poll_interval=0.5: serve_forever(
                self, interval, lambda: reloader.run_step()
            )
            main_func()

    reloading.run_with_reloader = run_with_reloader


def patch_multiprocessing():
    import contextlib
    import multiprocessing

    class Value:
        """A value shared with nobody, as there are no processes to share it with by memory."""

        def __init__(self, kind, value=0, **_):
            self.value = value

        def get_lock(self):
            return contextlib.nullcontext()

    multiprocessing.Value = Value


class Loaded:
    """A module that is there already."""

    def __init__(self, module):
        self.module = module

    def create_module(self, spec):
        return self.module

    def exec_module(self, module):
        pass


class Patches:
    """Applies what must be changed in a module when it is first imported."""

    wanted = {"socketserver": patch_servers, "multiprocessing": patch_multiprocessing, "werkzeug._reloader": patch_reloader}

    def find_spec(self, name, path=None, target=None):
        if name in self.wanted:
            self.wanted.pop(name)()
            from importlib.machinery import ModuleSpec

            module = sys.modules.get(name)
            spec = module and ModuleSpec(name, Loaded(module), is_package=hasattr(module, "__path__"))
            if spec and spec.submodule_search_locations is not None:
                spec.submodule_search_locations.extend(module.__path__)
            if spec:
                module.__spec__ = spec  # importlib takes this one, as the module is there by now
            return spec
        if name in start["lacking"]:
            raise ModuleNotFoundError(f"drydock: the module {name} is not simulated", name=name)
        return None


def refuse_stand_ins():
    """A package whose files only stand in for the real ones cannot be imported."""
    from importlib.machinery import SourceFileLoader

    get_data = SourceFileLoader.get_data

    def checked(self, path):
        data = get_data(self, path)
        if data.startswith(b"# drydock: stands in for"):
            raise ImportError(f"drydock: the package of {path} is not simulated", path=path)
        return data

    SourceFileLoader.get_data = checked


def no_tls(self, sock, *args, **kwargs):
    """Differs from Linux: https is spoken in plain text, as everywhere in the simulated internet."""
    return sock


# ---- the program
def location(text):
    return text.replace("/lib/python314.zip/", library + "/").replace(zip_path + "/", library + "/")


linux = {"ENOENT": 2, "EACCES": 13, "EEXIST": 17, "ENOTDIR": 20, "EISDIR": 21, "EPERM": 1, "ECONNREFUSED": 111, "EADDRINUSE": 98,
         "EPIPE": 32, "ENOTEMPTY": 39, "EROFS": 30, "ENOSPC": 28, "ECONNRESET": 104, "EHOSTUNREACH": 113, "ENETUNREACH": 101,
         "EADDRNOTAVAIL": 99, "EINVAL": 22, "EBADF": 9, "ETIMEDOUT": 110, "EXDEV": 18, "ECHILD": 10}  # fmt: skip
numbers = {getattr(errno, name): number for name, number in linux.items()}


def without_us(told, seen):
    """Takes our own frames out, and the marks under code that older versions did not print."""
    import traceback

    if told is None or id(told) in seen:
        return
    seen.add(id(told))
    old = tuple(int(n) for n in start["version"].split(".")[:2]) < (3, 11)
    frames = [f for f in told.stack if f.filename != "<drydock>"]
    if old:
        frames = [traceback.FrameSummary(f.filename, f.lineno, f.name, line=f.line) for f in frames]
    told.stack[:] = frames
    without_us(told.__cause__, seen)
    without_us(told.__context__, seen)
    for one in told.exceptions or ():
        without_us(one, seen)


def shown(kind, value, tb):
    import traceback

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


sys.excepthook = sys.__excepthook__ = excepthook


def prepare():
    real = sys.version.split()[0]
    sys.version = f"{start['version']} (drydock: runs as CPython {real}) [WebAssembly]"
    sys.platform = "linux"
    sys.executable = sys._base_executable = start["executable"]
    sys.prefix = sys.base_prefix = sys.exec_prefix = sys.base_exec_prefix = start["prefix"]
    sys.argv = start["args"]
    sys.orig_argv = [start["executable"], *start["args"]]
    sys.dont_write_bytecode = True
    sys.path[:] = [*start["before"], *os.environ.get("PYTHONPATH", "").split(":"), *start["path"]]
    sys.path[:] = [p for i, p in enumerate(sys.path) if p or i == 0 and start["before"]]
    sys.path_importer_cache.clear()
    sys.meta_path[:] = [Patches(), *(f for f in sys.meta_path if not type(f).__module__.startswith("_pyodide"))]
    for name in [one for one in Patches.wanted if one in sys.modules]:
        Patches.wanted.pop(name)()
    import ssl

    ssl.SSLContext.wrap_socket = no_tls
    import importlib

    asyncio._set_running_loop(None)
    for module in (asyncio.runners, asyncio):
        module.run = importlib.reload(asyncio.runners).run
    try:
        asyncio.events._set_event_loop_policy(asyncio.unix_events._DefaultEventLoopPolicy())
    except AttributeError:
        pass
    for name in ("site", "_drydock"):
        sys.modules.pop(name, None)
    refuse_stand_ins()
    open_stdio(start["unbuffered"])


def read_source(path):
    try:
        with _open(path, "rb") as file:
            return file.read()
    except OSError as e:
        number = numbers.get(e.errno, e.errno)
        name = path if start["version"].startswith("3.6") else os.path.abspath(path)
        text = os.strerror(e.errno)
        sys.stderr.write(f"{start['program']}: can't open file {name!r}: [Errno {number}] {text}\n")
        raise SystemExit(2) from None


def run_module(name, main):
    import runpy

    runpy._run_module_as_main(name, True)


def repl(main):
    import code

    console = code.InteractiveConsole(vars(main), "<stdin>")
    def showtraceback():
        kind, value, tb = sys.exc_info()
        while tb and tb.tb_frame.f_code.co_filename in (code.__file__, "<drydock>"):
            tb = tb.tb_next
        sys.stderr.write(shown(kind, value, tb))

    console.showtraceback = showtraceback
    console.raw_input = input
    sys.ps1, sys.ps2 = ">>> ", "... "
    banner = f'Python {sys.version} on linux\nType "help", "copyright", "credits" or "license" for more information.'
    console.interact("" if start["quiet"] else banner, exitmsg="")


def run():
    main = types.ModuleType("__main__")
    main.__builtins__ = builtins
    sys.modules["__main__"] = main
    mode, target = start["mode"], start["target"]
    if mode == "command":
        exec(compile(target, "<string>", "exec"), vars(main))
    elif mode == "module":
        run_module(target, main)
    elif mode == "file":
        if os.path.isdir(target):
            sys.path[0] = target
            target = os.path.join(target, "__main__.py")
        source = read_source(target)
        if not start["version"].startswith("3.6"):
            target = os.path.abspath(target)
        main.__file__ = target
        exec(compile(source, target, "exec"), vars(main))
    elif sys.stdin.isatty() or start["inspect"]:
        repl(main)
    else:
        exec(compile(sys.stdin.read(), "<stdin>", "exec"), vars(main))
    if start["inspect"] and mode != "stdin":
        repl(main)


def status_of(e):
    if e.code is None:
        return 0
    if isinstance(e.code, int):
        return e.code & 0xFF
    sys.stdout.flush()
    sys.stderr.write(f"{e.code}\n")
    return 1


def finish(status):
    try:
        atexit._run_exitfuncs()
    except SystemExit as e:
        status = status_of(e)
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        sys.stderr.write("Exception ignored on flushing sys.stdout:\nBrokenPipeError: [Errno 32] Broken pipe\n")
        status = 120
    except (OSError, ValueError):
        pass
    return status


def main():
    prepare()
    status = 0
    try:
        run()
    except SystemExit as e:
        status = status_of(e)
    except KeyboardInterrupt:
        sys.excepthook(*sys.exc_info())
        status = -2
    except BaseException:
        sys.excepthook(*sys.exc_info())
        status = 1
    try:
        return finish(status)
    except KeyboardInterrupt:
        return -2


main
