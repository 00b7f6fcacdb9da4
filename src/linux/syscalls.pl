# System calls that Node has no function for. One request a line, answered by one line: the name of the call, then its
# arguments, hexadecimal text or a number marked with '='. The answer is "ok HEX", or "error ERRNO".
use strict;
use warnings;
use POSIX ();

my $machine = (POSIX::uname())[4];
my %numbers = $machine eq 'aarch64'
  ? (mount => 40, umount2 => 39, lsetxattr => 6, lgetxattr => 9, llistxattr => 12, mknodat => 33, utimensat => 88)
  : (mount => 165, umount2 => 166, lsetxattr => 189, lgetxattr => 192, llistxattr => 195, mknodat => 259,
    utimensat => 280);
my $cwd = -100; # AT_FDCWD

sub call {
  my ($name, @args) = @_;
  my $result = syscall($numbers{$name}, @args);
  die { errno => $! + 0 } if $result == -1;
  return $result;
}

# The kernel says how long the value is when asked with no room for it.
sub sized {
  my ($name, @args) = @_;
  my $length = call($name, @args, my $none = '', 0);
  return '' if $length == 0;
  # Not by call(), which would hand on a copy of the buffer.
  my $buffer = "\0" x $length;
  my $got = syscall($numbers{$name}, @args, $buffer, $length);
  die { errno => $! + 0 } if $got == -1;
  return substr($buffer, 0, $got);
}

my %requests = (
  mount => sub { call('mount', @_); '' },
  umount2 => sub { call('umount2', @_); '' },
  setxattr => sub { my ($path, $name, $value) = @_; call('lsetxattr', $path, $name, $value, length $value, 0); '' },
  getxattr => sub { sized('lgetxattr', @_) },
  listxattr => sub { sized('llistxattr', @_) },
  mknod => sub { call('mknodat', $cwd, @_); '' },
  # struct timespec[2]; UTIME_OMIT is not used: atime becomes mtime. 0x100 is AT_SYMLINK_NOFOLLOW.
  utimens => sub { my ($path, $sec, $nsec) = @_; call('utimensat', $cwd, $path, pack('q4', $sec, $nsec, $sec, $nsec), 0x100); '' },
);

$| = 1;
while (defined(my $line = <STDIN>)) {
  chomp $line;
  my ($name, @words) = split / /, $line, -1;
  my @args = map { /^=(-?\d+)$/ ? $1 + 0 : pack('H*', $_) } @words;
  my $answer = eval { 'ok ' . unpack('H*', $requests{$name}->(@args)) };
  print defined $answer ? $answer : 'error ' . (ref $@ ? $@->{errno} : 38), "\n";
}
