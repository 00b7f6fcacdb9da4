"""socket, select and selectors over the kernel's sockets."""
import errno
import os
import selectors
import socket
import subprocess
import sys
from _drydock.kernel import result, call, check_signals, down, shift, up, wait, wait_bytes, wait_raw

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
        data = result(answer)
        peer = answer[1]["from"]
        return data, (tuple(peer) if isinstance(peer, list) else peer)

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

