# The resolver at 127.0.0.11 in a network namespace: resolver.pl NAMESPACE-FILE. Names come on stdin, "NAME ADDRESS" a
# line, all of them at once and then a line "."; at its end we end. What is not among them goes to the host's resolver,
# from the host's namespace, where that socket was opened.
use strict;
use warnings;
use POSIX ();
use Socket;

my $setns = (POSIX::uname())[4] eq 'aarch64' ? 268 : 308;
my ($upstream) = map { /^nameserver\s+(\d+\.\d+\.\d+\.\d+)/ ? $1 : () } do { open(my $f, '<', '/etc/resolv.conf'); $f ? <$f> : () };
socket(my $out, PF_INET, SOCK_DGRAM, 0) or die "socket: $!";
open(my $namespace, '<', $ARGV[0]) or die "$ARGV[0]: $!";
syscall($setns, fileno $namespace, 0x40000000) == 0 or die "setns: $!";
socket(my $in, PF_INET, SOCK_DGRAM, 0) or die "socket: $!";
bind($in, pack_sockaddr_in(53, inet_aton('127.0.0.11'))) or die "bind: $!";

my (%addresses, %fresh, %waiting, $text);
$text = '';
while (1) {
  my $bits = '';
  vec($bits, fileno $_, 1) = 1 for \*STDIN, $in, $out;
  next unless select($bits, undef, undef, undef) > 0;
  if (vec($bits, fileno STDIN, 1)) { last unless learn(); }
  if (vec($bits, fileno $in, 1)) { answer(); }
  if (vec($bits, fileno $out, 1)) { hand_back(); }
}

sub learn {
  return 0 unless sysread(STDIN, $text, 65536, length $text);
  while ($text =~ s/^(.*)\n//) {
    my $line = $1;
    if ($line eq '.') { %addresses = %fresh; %fresh = (); next; }
    my ($name, $address) = split / /, $line;
    push @{$fresh{lc $name}}, $address;
  }
  return 1;
}

sub answer {
  my $from = recv($in, my $query, 4096, 0) // return;
  return if length $query < 17;
  my ($at, @labels) = (12);
  while ((my $size = ord substr($query, $at, 1))) { push @labels, substr($query, $at + 1, $size); $at += $size + 1; }
  my $type = unpack 'n', substr($query, $at + 1, 2);
  my $question = substr($query, 12, $at + 5 - 12);
  my $known = $addresses{lc join '.', @labels};
  if (!$known) {
    return forward($query, $from) if $upstream;
    return send($in, substr($query, 0, 2) . pack('n5', 0x8183, 1, 0, 0, 0) . $question, 0, $from);
  }
  my @answers = $type == 1 ? map { pack('n3 N n', 0xc00c, 1, 1, 600, 4) . inet_aton($_) } @$known : ();
  send($in, substr($query, 0, 2) . pack('n5', 0x8180, 1, scalar @answers, 0, 0) . $question . join('', @answers), 0, $from);
}

# Queries keep their own id upstream; two clients with the same at once are told apart by nobody, and ask again.
sub forward {
  my ($query, $from) = @_;
  $waiting{substr($query, 0, 2)} = $from;
  send($out, $query, 0, pack_sockaddr_in(53, inet_aton($upstream)));
}

sub hand_back {
  recv($out, my $response, 4096, 0) // return;
  my $to = delete $waiting{substr($response, 0, 2)};
  send($in, $response, 0, $to) if $to;
}
