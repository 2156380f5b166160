#!/usr/bin/perl
# What Linux says of its memory on x86_64, and what our last kernel says: on
# two types of machine, with every size of memory that we have Linux's
# lines for.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Linux;

check_beside_linux('x86_64');
