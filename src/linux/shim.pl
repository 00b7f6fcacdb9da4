# The parent of one process of a container, as containerd's shim is: shim.pl PIDFILE CONSOLE-SOCKET-OR-'' COMMAND...
#
# COMMAND (runc create, runc exec --detach) leaves a process behind, whose number it writes to PIDFILE; as a subreaper
# we become its parent and so learn how it ends. Without a console it has our own stdin, stdout and stderr. With one,
# runc hands us the pty over the socket, and we carry bytes between it and our stdin and stdout.
#
# fd 3, written: "created PID" or "failed STATUS"; then "exit CODE SIGNAL".
# fd 4, read: "resize COLUMNS ROWS". At its end (the engine is gone) the process is killed.
use strict;
use warnings;
use Errno;
use Fcntl;
use POSIX ();
use Socket;

my ($pidfile, $console, @command) = @ARGV;
my $arm = (POSIX::uname())[4] eq 'aarch64';
my ($prctl, $recvmsg) = $arm ? (167, 212) : (157, 47);
my ($set_subreaper, $set_window) = (36, 0x5414);

syscall($prctl, $set_subreaper, 1, 0, 0, 0);
open(my $report, '>&=', 3) or die;
open(my $orders, '<&=', 4) or die;
fcntl($_, F_SETFD, FD_CLOEXEC) for $report, $orders;
select((select($report), $| = 1)[0]);
$SIG{PIPE} = 'IGNORE';

my $listener;
if ($console ne '') {
  socket($listener, AF_UNIX, SOCK_STREAM, 0) or die "socket: $!";
  bind($listener, pack_sockaddr_un($console)) or die "bind: $!";
  listen($listener, 1) or die "listen: $!";
}

my $runc = fork() // die "fork: $!";
if ($runc == 0) {
  if ($console ne '') { open(STDIN, '<', '/dev/null'); open(STDOUT, '>&', \*STDERR); }
  exec(@command) or POSIX::_exit(127);
}
# runc hands the pty over before it ends; one that fails before does not connect at all.
my $pty;
until (waitpid($runc, POSIX::WNOHANG) == $runc) {
  next unless readable($listener, 0.005);
  accept(my $connection, $listener) or next;
  $pty = receive($connection);
}
if ($? != 0) { print $report 'failed ', $? >> 8, "\n"; exit 1; }
open(my $file, '<', $pidfile) or die "$pidfile: $!";
my $pid = <$file>;
chomp $pid;
print $report "created $pid\n";

my $input = \*STDIN;
unless ($pty) {
  $input = undef;
  POSIX::close($_) for 0 .. 2;
}

my ($status, $orders_open) = (undef, 1);
$SIG{CHLD} = sub { };    # only so that select wakes up
while (1) {
  $status //= reaped();
  # The pty ends by itself once nobody has its other side open.
  last if defined $status && !$pty;
  my $bits = '';
  vec($bits, fileno $_, 1) = 1 for grep { defined } ($orders_open ? $orders : undef), $pty, $input;
  next unless select($bits, undef, undef, 0.1) > 0;
  if ($orders_open && vec($bits, fileno $orders, 1)) { $orders_open = obey(); }
  if ($input && vec($bits, fileno $input, 1)) { $input = undef unless carry($input, $pty); }
  if ($pty && vec($bits, fileno $pty, 1)) { $pty = $input = undef unless carry($pty, \*STDOUT); }
}
print $report 'exit ', $status >> 8, ' ', $status & 127, "\n";

sub readable {
  my ($handle, $seconds) = @_;
  my $bits = '';
  vec($bits, fileno $handle, 1) = 1 if $handle;
  return select($bits, undef, undef, $seconds) > 0;
}

# Wait status of the process, if it has ended; orphans of its that became ours are reaped on the way.
sub reaped {
  while ((my $one = waitpid(-1, POSIX::WNOHANG)) > 0) { return $? if $one == $pid; }
  return undef;
}

sub obey {
  my $got = sysread($orders, my $text, 4096);
  return 1 if !defined $got && $!{EINTR};
  if (!$got) { kill 'KILL', $pid unless defined $status; return 0; }
  while ($text =~ /^resize (\d+) (\d+)$/mg) { ioctl($pty, $set_window, pack('S4', $2, $1, 0, 0)) if $pty; }
  return 1;
}

sub carry {
  my ($from, $to) = @_;
  my $got = sysread($from, my $bytes, 65536);
  return 1 if !defined $got && $!{EINTR};
  return 0 unless $got;
  for (my $at = 0; $at < $got;) {
    my $put = syswrite($to, $bytes, $got - $at, $at);
    return 0 unless defined $put || $!{EINTR};
    $at += $put // 0;
  }
  return 1;
}

# recvmsg(2) of one descriptor: struct msghdr with one iovec and room for one struct cmsghdr.
sub receive {
  my ($connection) = @_;
  my ($data, $control) = ("\0" x 4096, "\0" x 24);
  my $vector = pack('P Q', $data, length $data);
  my $message = pack('Q L x4 P Q P Q l x4', 0, 0, $vector, 1, $control, length $control, 0);
  my $got = syscall($recvmsg, fileno $connection, $message, 0);
  die "recvmsg: $!" if $got < 0;
  my (undef, $level, $type, $fd) = unpack('Q l l l', $control);
  die 'no descriptor came' unless $level == SOL_SOCKET && $type == 1;
  open(my $handle, '+<&=', $fd) or die "pty: $!";
  fcntl($handle, F_SETFD, FD_CLOEXEC);
  return $handle;
}
