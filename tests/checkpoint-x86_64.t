#!/usr/bin/perl
# The checkpoint of every kernel on x86_64, on two machines and with four
# sizes of memory.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Checkpoint;

check_checkpoints('x86_64');
