package Browser;
# Debian's Chromium without a window, driven over its own protocol.
use strict;
use warnings;
use File::Path qw(remove_tree);
use File::Temp qw(tempdir);
use JSON::PP ();
use Mojo::UserAgent;
use POSIX qw(WNOHANG);
use Scalar::Util qw(weaken);
use Time::HiRes qw(sleep time);

# No request leaves the machine: no name is looked up, nothing is updated.
my @QUIET = (qw(--headless --no-sandbox --disable-gpu --no-first-run
	--disable-background-networking --disable-component-update
	--disable-sync --disable-extensions --disable-default-apps
	--hide-scrollbars --mute-audio --disable-dev-shm-usage
	--remote-debugging-port=0 --remote-allow-origins=*),
	'--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1');

sub program {
	my ($found) = grep { -x } map { "$_/chromium" } split /:/, $ENV{PATH};
	return $found;
}

sub start {
	my ($class) = @_;
	my $dir = tempdir('r2k-browser-XXXXXX', TMPDIR => 1);
	my $pid = fork // die "fork: $!\n";
	if (!$pid) {
		setpgrp;
		open STDIN, '<', '/dev/null';
		open STDOUT, '>', '/dev/null';
		open STDERR, '>', "$dir/said";
		exec program(), @QUIET, "--user-data-dir=$dir", 'about:blank'
			or POSIX::_exit(127);
	}
	my $self = bless { pid => $pid, dir => $dir, id => 0, answers => {},
		requests => [], errors => [] }, $class;
	my $end = time + 60;
	sleep 0.05 until -s "$dir/DevToolsActivePort" || time > $end
		|| waitpid $pid, WNOHANG;
	open my $in, '<', "$dir/DevToolsActivePort"
		or die "chromium did not start\n";
	chomp(my $port = <$in>);
	$self->{agent} = Mojo::UserAgent->new(max_connections => 0,
		inactivity_timeout => 0);
	$self->{agent}->transactor->name('test');
	my $list = $self->{agent}->get("http://127.0.0.1:$port/json")
		->result->json;
	my ($page) = grep { $_->{type} eq 'page' } @$list;
	my $ready;
	weaken(my $weak = $self);
	$self->{agent}->websocket($page->{webSocketDebuggerUrl} => sub {
		my (undef, $tx) = @_;
		die "no websocket\n" unless $tx->is_websocket;
		$tx->max_websocket_size(64 << 20);
		$tx->on(text => sub { $weak->heard($_[1]) });
		$weak->{tx} = $tx;
		$ready = 1;
	});
	Mojo::IOLoop->one_tick until $ready;
	$self->call("$_.enable") for qw(Page Runtime Network);
	return $self;
}

sub heard {
	my ($self, $text) = @_;
	my $said = JSON::PP->new->utf8(0)->decode($text);
	if ($said->{id}) { $self->{answers}{$said->{id}} = $said; return }
	my $of = $said->{params};
	$self->{loaded}++ if $said->{method} eq 'Page.loadEventFired';
	push @{$self->{requests}}, $of->{request}{url}
		if $said->{method} eq 'Network.requestWillBeSent';
	push @{$self->{errors}}, $of->{exceptionDetails}{exception}{description}
		// $of->{exceptionDetails}{text}
		if $said->{method} eq 'Runtime.exceptionThrown';
}

# One command of the protocol, and its answer.
sub call {
	my ($self, $method, %with) = @_;
	my $id = ++$self->{id};
	$self->{tx}->send(JSON::PP->new->utf8(0)->encode({ id => $id,
		method => $method, params => \%with }));
	$self->until(sub { $self->{answers}{$id} }, $method);
	my $answer = delete $self->{answers}{$id};
	die "$method: $answer->{error}{message}\n" if $answer->{error};
	return $answer->{result};
}

sub until {
	my ($self, $true, $what, $seconds) = @_;
	my $end = time + ($seconds // 120);
	my $timer = Mojo::IOLoop->recurring(0.02 => sub { });
	until ($true->()) {
		if (time > $end) {
			Mojo::IOLoop->remove($timer);
			die "waited too long for $what\n";
		}
		Mojo::IOLoop->one_tick;
	}
	Mojo::IOLoop->remove($timer);
	return 1;
}

# Open a page, and wait until it is there.
sub go {
	my ($self, $url) = @_;
	$self->{loaded} = 0;
	$self->call('Page.navigate', url => 'about:blank');
	$self->until(sub { $self->{loaded} }, 'a blank page');
	$self->{loaded} = 0;
	$self->call('Page.navigate', url => $url);
	$self->until(sub { $self->{loaded} }, $url);
}

# What JavaScript says; a promise is waited for.
sub js {
	my ($self, $script) = @_;
	my $said = $self->call('Runtime.evaluate', expression => $script,
		awaitPromise => JSON::PP::true, returnByValue => JSON::PP::true);
	die "$said->{exceptionDetails}{exception}{description}\n"
		if $said->{exceptionDetails};
	return $said->{result}{value};
}

# Wait until JavaScript says yes.
sub wait_for {
	my ($self, $script, $what) = @_;
	my $end = time + 30;
	until (eval { $self->js($script) }) {
		return 0 if time > $end;
		sleep 0.05;
	}
	return 1;
}

sub screen {
	my ($self, $width, $height, $dark, $touch) = @_;
	$self->call('Emulation.setDeviceMetricsOverride', width => 0 + $width,
		height => 0 + $height, deviceScaleFactor => 1,
		mobile => $touch ? JSON::PP::true : JSON::PP::false);
	$self->call('Emulation.setTouchEmulationEnabled',
		enabled => $touch ? JSON::PP::true : JSON::PP::false);
	$self->call('Emulation.setEmulatedMedia', features => [{
		name => 'prefers-color-scheme',
		value => $dark ? 'dark' : 'light' }]);
}

my %KEY = (Enter => 13, Escape => 27, Tab => 9, ArrowLeft => 37,
	ArrowUp => 38, ArrowRight => 39, ArrowDown => 40);
sub key {
	my ($self, $key) = @_;
	my %named = (key => $key, code => $key,
		windowsVirtualKeyCode => $KEY{$key} // ord uc $key);
	my $text = $key eq 'Enter' ? "\r" : length $key == 1 ? $key : undef;
	$self->call('Input.dispatchKeyEvent', type => 'keyDown', %named,
		defined $text ? (text => $text) : ());
	$self->call('Input.dispatchKeyEvent', type => 'keyUp', %named);
}

sub type { my ($self, $text) = @_; $self->call('Input.insertText', text => $text) }

# The middle of the first box of an element, scrolled into sight.
sub middle {
	my ($self, $element) = @_;
	return @{$self->js("(() => { const e = $element;
		e.scrollIntoView({ block: 'center', behavior: 'instant' });
		const r = e.getClientRects()[0];
		return [r.x + r.width / 2, r.y + r.height / 2]; })()")};
}

sub hover {
	my ($self, $element) = @_;
	my ($x, $y) = $self->middle($element);
	$self->call('Input.dispatchMouseEvent', type => 'mouseMoved',
		x => $x, y => $y);
}

sub click {
	my ($self, $element) = @_;
	my ($x, $y) = $self->middle($element);
	$self->call('Input.dispatchMouseEvent', type => $_, x => $x, y => $y,
		button => 'left', clickCount => 1)
		for qw(mouseMoved mousePressed mouseReleased);
}

sub tap {
	my ($self, $element) = @_;
	my ($x, $y) = $self->middle($element);
	$self->call('Input.dispatchTouchEvent', type => 'touchStart',
		touchPoints => [{ x => $x, y => $y }]);
	$self->call('Input.dispatchTouchEvent', type => 'touchEnd',
		touchPoints => []);
}

sub picture {
	my ($self, $path) = @_;
	require MIME::Base64;
	my $data = $self->call('Page.captureScreenshot', format => 'png')
		->{data};
	open my $out, '>:raw', $path or die "$path: $!\n";
	print $out MIME::Base64::decode_base64($data);
	close $out;
}

sub DESTROY {
	my ($self) = @_;
	return unless $self->{pid};
	local $?;
	kill 'TERM', -$self->{pid};
	waitpid delete $self->{pid}, 0;
	# Its helpers may write a moment longer.
	for (1 .. 20) {
		remove_tree($self->{dir}, { error => \my $errors });
		last unless -e $self->{dir};
		sleep 0.1;
	}
}

1;
